/** The parts of the `smpp` package that are used; it brings no types. */
declare module 'smpp' {
  export interface PduFields {
    readonly command_status?: number;
    readonly sequence_number?: number;
    readonly system_id?: string;
    readonly password?: string;
    readonly system_type?: string;
    readonly interface_version?: number;
    readonly source_addr_ton?: number;
    readonly source_addr_npi?: number;
    readonly source_addr?: string;
    readonly dest_addr_ton?: number;
    readonly dest_addr_npi?: number;
    readonly destination_addr?: string;
    readonly esm_class?: number;
    readonly protocol_id?: number;
    readonly registered_delivery?: number;
    readonly data_coding?: number;
    readonly short_message?: Buffer;
    readonly message_id?: string;
    readonly message_payload?: Buffer;
    readonly receipted_message_id?: string;
    readonly message_state?: number;
    readonly network_error_code?: Buffer;
    readonly sar_msg_ref_num?: number;
    readonly sar_total_segments?: number;
    readonly sar_segment_seqnum?: number;
  }

  export interface PDU extends PduFields {}

  export class PDU {
    constructor(command: string, fields?: PduFields);
    constructor(octets: Buffer);
    /** `unknown` where the package knows no such command. */
    readonly command: string;
    readonly command_id: number;
    readonly command_length: number;
    readonly command_status: number;
    readonly sequence_number: number;
    toBuffer(): Buffer;
    /** Texts to octets and back; replaced here, see `pdu.ts`. */
    _filter(direction: 'encode' | 'decode'): void;
  }

  interface FieldType {
    read(octets: Buffer, offset: number): unknown;
    size(value: unknown): number;
  }

  interface CommandDefinition {
    readonly id: number;
    readonly params?: Readonly<Record<string, { readonly type: FieldType }>>;
  }

  interface Definitions {
    readonly commands: Readonly<Record<string, CommandDefinition>>;
  }

  const smpp: Definitions;
  // biome-ignore lint/style/noDefaultExport: what a CommonJS package exports as a whole.
  export default smpp;
}
