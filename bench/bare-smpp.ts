/** The yardstick of texts: the bare client of the `smpp` package, one PDU out, one answer and one receipt back. */
import { once } from 'node:events';
import { connect, PDU } from 'smpp';

/** Messages a second of wall time: submitted, answered, and their receipts acknowledged. */
export async function bareRate(port: number, messages: number, window: number): Promise<number> {
  const session = connect({ host: '127.0.0.1', port });
  await once(session, 'connect');
  await new Promise((resolve) =>
    session.send(new PDU('bind_transceiver', { system_id: 'bench', password: 'bench' }), resolve),
  );
  const began = performance.now();
  let sent = 0;
  let open = messages * 2;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      open -= 1;
      if (open === 0) resolve();
    };
    const submit = (): void => {
      if (sent === messages) return;
      sent += 1;
      const destination_addr = `1555${String(9_000_000 + sent)}`;
      const short_message = Buffer.from(
        `${sent} Your appointment is tomorrow at 10:30. Reply STOP to opt out.`,
      );
      const addresses = { source_addr: '18005550100', destination_addr };
      session.send(new PDU('submit_sm', { ...addresses, registered_delivery: 1, short_message }), () => {
        settle();
        submit();
      });
    };
    session.on('deliver_sm', (pdu: PDU) => {
      session.send(pdu.response());
      settle();
    });
    for (let n = 0; n < window; n++) submit();
  });
  const rate = messages / ((performance.now() - began) / 1000);
  session.destroy();
  return rate;
}
