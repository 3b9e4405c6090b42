import type { Flights, Protocol } from './api.ts';

/** Nothing stays in flight longer: a lost message must not keep the process busy. */
const MAX_FLIGHT_MS = 1000;

interface Flight {
  readonly release: () => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Counts messages between endpoints of this process, from `send` until the receiver has dealt with them.
 * Give the same one to each of them; `hold` says that the process is busy until its result is called.
 * Messages to ports that no such endpoint listens on are not counted.
 */
export function createFlights(hold: (what: string) => () => void): Flights {
  const ports = new Map<number, number>();
  const inFlight = new Map<string, Flight[]>();

  const land = (key: string, flight: Flight): void => {
    const flights = inFlight.get(key);
    const index = flights?.indexOf(flight) ?? -1;
    if (!flights || index < 0) return;
    flights.splice(index, 1);
    if (flights.length === 0) inFlight.delete(key);
    clearTimeout(flight.timer);
    flight.release();
  };

  return {
    open(port) {
      ports.set(port, (ports.get(port) ?? 0) + 1);
      return () => {
        const left = (ports.get(port) ?? 1) - 1;
        if (left > 0) ports.set(port, left);
        else ports.delete(port);
      };
    },
    sent(protocol, fromPort, toPort) {
      if (!ports.has(toPort)) return;
      const key = flightKey(protocol, fromPort, toPort);
      const release = hold(`SIP message ${key}`);
      const timer = setTimeout(() => land(key, flight), MAX_FLIGHT_MS);
      const flight: Flight = { release, timer };
      const flights = inFlight.get(key);
      if (flights) flights.push(flight);
      else inFlight.set(key, [flight]);
    },
    received(protocol, fromPort, toPort) {
      const key = flightKey(protocol, fromPort, toPort);
      const first = inFlight.get(key)?.[0];
      if (first) land(key, first);
    },
  };
}

function flightKey(protocol: Protocol, fromPort: number, toPort: number): string {
  return `${protocol} ${fromPort}>${toPort}`;
}
