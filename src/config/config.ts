/** Everything the server can be told, after defaults. Durations are milliseconds; `undefined` means not set, or no limit. */

export type Profile = 'development' | 'production';

export interface Config {
  readonly profile: Profile;
  /** Directory of the database, the local CA, call logs and `server.json`. */
  readonly data: string;
  /** Calls, deliveries and documents are kept in memory only. */
  readonly memory: boolean;
  /** An address to bind to; `localhost` binds 127.0.0.1 and ::1. */
  readonly host: string;
  readonly httpsPort: number;
  readonly httpPort: number;
  /** UDP and TCP. */
  readonly sipPort: number;
  readonly clock: 'real' | 'manual';
  readonly allowHttpCallbacks: boolean;
  /** PEM files of one's own certificate, instead of one of the local CA. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** What clients are told to connect to, where a proxy stands in front. */
  readonly publicEndpoint: string | undefined;
  readonly apiVersions: 'strict' | 'lenient';
  readonly durability: 'normal' | 'full';
  readonly retention: number;
  /** Wall time that live calls get to end by themselves when the server is told to stop. */
  readonly drainTimeout: number;
  readonly resources: readonly ResourceConfig[];
  /** Issuers of Entra ID whose tokens let services and people in. */
  readonly entra: readonly EntraConfig[];
  readonly numbers: readonly NumberConfig[];
  readonly numberRanges: readonly NumberRangeConfig[];
  /** Includes `simulated` where the simulated carrier is on. */
  readonly trunks: readonly TrunkConfig[];
  /** In the order in which they are tried. */
  readonly routes: readonly RouteConfig[];
  /** How trunks are reached that applications set through the SIP routing API. */
  readonly sipRouting: { readonly protocol: TrunkConfig['protocol']; readonly media: 'rtp' | 'srtp' };
  readonly destinations: { readonly allow: readonly string[] };
  readonly carrier: { readonly simulated: boolean; readonly transfer: TrunkConfig['transfer'] };
  readonly subscriptions: readonly SubscriptionConfig[];
  readonly media: MediaConfig;
  readonly limits: LimitsConfig;
  readonly chat: ChatConfig;
  readonly callRinging: { readonly pstn: number; readonly offer: number };
  readonly sip: SipConfig;
  readonly outbound: {
    readonly allow: readonly string[];
    readonly caFile: string | undefined;
    /** Wall time that the receiver of an event or a handshake has. */
    readonly answerWithin: number;
  };
  readonly compat: { readonly code560487: 487 | 497 };
}

export interface ResourceConfig {
  readonly name: string;
  /** Lower-case GUID: the resource part of the identities it issues. */
  readonly id: string;
  /** One or two access keys, base64. */
  readonly keys: readonly string[];
  /** May use the admin API. */
  readonly admin: boolean;
  /** Its requests are served. */
  readonly enabled: boolean;
  /** Speech services that its calls may name. */
  readonly cognitiveServices: readonly SpeechLinkConfig[];
}

export interface SpeechLinkConfig {
  readonly endpoint: string;
  /** `embedded`: this server speaks and understands by itself, whatever the endpoint. */
  readonly kind: 'embedded' | 'azure' | 'openai';
  readonly key: string | undefined;
  readonly speechModel: string | undefined;
  readonly transcriptionModel: string | undefined;
}

export interface EntraConfig {
  /** As tokens write it in `iss`; `{tenantid}` in it stands for the tenant of each token. */
  readonly issuer: string;
  /** URL of its key set; not set: where its OpenID configuration says. */
  readonly keys: string | undefined;
  /** PEM file of authorities: tokens signed with a certificate of theirs are taken too. */
  readonly certificates: string | undefined;
  /** Taken in `aud` beside those of ACS. */
  readonly audience: string | undefined;
  /** Lower-case GUID of the tenant that owns the resource. */
  readonly tenant: string;
  /** Name of the resource that its tokens are for. */
  readonly resource: string;
  readonly accounts: readonly ('application' | 'user')[];
  /** Who may use the resource, and nobody else. */
  readonly access: readonly {
    /** Lower-case object id or application id. */
    readonly id: string;
    readonly role: 'contributor' | 'reader';
    /** Azure resource id, of a managed identity. */
    readonly managedIdentity: string | undefined;
  }[];
}

export type Capability = 'none' | 'inbound' | 'outbound' | 'inbound+outbound';

export interface NumberConfig {
  /** E.164; a short code without plus. */
  readonly number: string;
  /** Not set: what its first digits tell; a short code always is one. */
  readonly kind: 'geographic' | 'tollFree' | 'mobile' | 'shortCode' | undefined;
  /** Name of the resource that owns it. */
  readonly resource: string;
  readonly capabilities: { readonly calling: Capability; readonly sms: Capability };
  /** Outbound calls at a time, beside what its trunk allows. */
  readonly maxConcurrentCalls: number | undefined;
  /** Blocked as a source of spam. */
  readonly blocked: boolean;
}

/** Numbers of ours, first to last, that are assigned to nobody. */
export interface NumberRangeConfig {
  readonly from: string;
  readonly to: string;
}

export interface TrunkConfig {
  readonly name: string;
  readonly kind: 'carrier' | 'direct-routing';
  /** The carrier inside this process; its port is known once it listens. */
  readonly simulated: boolean;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'udp' | 'tcp' | 'tls';
  /** Name that the peer's certificate must be for; not set: `host`. */
  readonly serverName: string | undefined;
  /** Ask for SRV records of `host` (RFC 3263). */
  readonly srv: boolean;
  /** What its challenges are answered with. */
  readonly credentials:
    | { readonly user: string; readonly password: string; readonly realm: string | undefined }
    | undefined;
  /** What its requests must prove. */
  readonly authenticate:
    | { readonly user: string; readonly password: string; readonly realm: string }
    | undefined;
  /** Kept registered there, so that calls come in. */
  readonly register: { readonly aor: string; readonly expires: number } | undefined;
  /** Session timers (RFC 4028); not set: kept where the peer asks for them. */
  readonly sessionTimer: SessionTimerConfig | 'off' | undefined;
  readonly media: 'rtp' | 'srtp' | 'none';
  /** Ask for ICE in our own offers. */
  readonly ice: boolean;
  /** CIDR blocks calls may come from; empty: only from where `host` points. `none`: calls are placed only. */
  readonly allow: readonly string[] | 'none';
  readonly maxConcurrentCallsPerNumber: number | undefined;
  /** `refer`: its phones are asked to call the target of a transfer; `bridge`: we do. `none`: nor may they ask. */
  readonly transfer: 'refer' | 'bridge' | 'none';
  /** P-Asserted-Identity is sent to it (RFC 3325). */
  readonly assertedIdentity: boolean;
}

export interface SessionTimerConfig {
  /** Session-Expires. */
  readonly expires: number;
  /** Min-SE. */
  readonly minimum: number;
  readonly refresher: 'us' | 'them' | 'auto';
}

export interface RouteConfig {
  /** Anchored: matches whole numbers in E.164. */
  readonly pattern: RegExp;
  readonly trunk: string;
  readonly priority: number;
}

export interface SubscriptionConfig {
  readonly name: string;
  readonly resource: string;
  readonly endpoint: string;
  /** Full event types; empty: all. */
  readonly events: readonly string[];
  readonly schema: 'eventgrid' | 'cloudevents';
  readonly subjectBeginsWith: string | undefined;
  readonly subjectEndsWith: string | undefined;
  readonly maxDeliveryAttempts: number;
  readonly eventTimeToLiveMinutes: number;
  /** Directory for events that could not be delivered. */
  readonly deadLetter: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface MediaConfig {
  /** First and last port. */
  readonly rtpPorts: readonly [number, number];
  /** Address offered in SDP; not set: that of `host`. */
  readonly address: string | undefined;
  readonly setupLimit: number;
  readonly lossLimit: number;
  readonly heartbeatLimit: number;
  readonly processes: number;
}

export interface LimitsConfig {
  readonly bodyBytes: number;
  /** Wall time from the head of a request to the end of its body. */
  readonly bodyTimeout: number;
  readonly requestsPerSecond: number | undefined;
  readonly createCallsPerSecond: number | undefined;
  readonly activeCalls: number | undefined;
  readonly activeRecordings: number | undefined;
  readonly callsPerMonth: number | undefined;
  readonly concurrentRequests: number | undefined;
  /** `documented`: 1000 creations and tokens, 500 of each other operation on identities, per 30 s and resource. */
  readonly identityRates: 'documented' | 'none';
  readonly maxCallDuration: number;
}

/** The documented limits, unless they are set otherwise. */
export interface ChatConfig {
  /** In one thread. */
  readonly participants: number;
  /** UTF-8 bytes of one message with its metadata. */
  readonly messageBytes: number;
  /** Items on one page of a list. */
  readonly pageSize: number;
  /** Threads of more participants have no typing notices and no read receipts. */
  readonly noticesUpTo: number;
  readonly rates: 'documented' | 'none';
  /** Sessions of real-time notifications that one user may have. */
  readonly devices: number;
  /** Notifications that may wait for one device to confirm them. */
  readonly unconfirmedNotifications: number;
}

export interface SipConfig {
  /** SIP over TLS; PEM files. */
  readonly tls:
    | {
        readonly port: number;
        readonly cert: string;
        readonly key: string;
        readonly caFile: string | undefined;
        readonly clientCertificates: 'none' | 'required';
      }
    | undefined;
  readonly t1: number;
  readonly t2: number;
  readonly t4: number;
  /** Between two OPTIONS to a trunk. */
  readonly healthInterval: number;
}

/** One thing wrong with the configuration; all of them are reported together. */
export interface Problem {
  readonly kind: 'syntax' | 'unknown' | 'missing' | 'value' | 'contradiction';
  /** `media.setupLimit`, `numbers[2].resource`. */
  readonly key: string;
  /** `ringback.yaml line 12`, `RINGBACK_HTTPS_PORT`, `--https-port`. */
  readonly where: string;
  readonly line?: number;
  readonly found: string;
  readonly expected: string;
  readonly fix: string;
}
