/** Ports for peers of tests that cannot pick one themselves. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

async function isFree(port: number): Promise<boolean> {
  const [tcp, udp] = [createServer(), createSocket('udp4')];
  try {
    tcp.listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    return true;
  } catch {
    // Somebody has it.
    return false;
  } finally {
    tcp.close();
    udp.close();
  }
}

/**
 * The first of so many ports in a row that are free for UDP and TCP. They lie below the range from which connections get
 * theirs, so that nobody takes one before the peer does.
 */
export async function freePort(inARow = 1): Promise<number> {
  for (;;) {
    const first = 10_000 + 2 * Math.floor(Math.random() * 4999);
    const free = await Promise.all(Array.from({ length: inARow }, (_, index) => isFree(first + index)));
    if (free.every((each) => each)) return first;
  }
}
