import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { least } from '../runtime/index.js';

/** TCP between two sockets of this machine. */
export interface Loopback {
  /** Seconds from a write of a few bytes to their arrival. */
  readonly latency: number;
  /** Bytes a second of a large message. */
  readonly bandwidth: number;
  /** Seconds one way of messages of so many bytes, by size. */
  readonly sizes: readonly { readonly bytes: number; readonly seconds: number }[];
  readonly samples: number;
}

/** From a few features of a student to the input of a detector. */
const SIZES = [100, 1_000, 4_000, 16_000, 64_000, 250_000, 1_000_000, 4_000_000, 8_000_000];
const MOST_ROUND_TRIPS = 200;

/**
 * Measures TCP through 127.0.0.1, in rounds over messages of several sizes: each in one write, without Nagle's delay, both
 * ends in this process (so its one thread carries both; two processes with a core each can only be faster).
 */
export async function measureLoopback(seconds: number): Promise<Loopback> {
  // The far end sends every message back, so that half of a round trip is one way.
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.setNoDelay(true);
  try {
    await once(socket, 'connect');
    return fitLoopback(await roundTrips(socket, seconds));
  } finally {
    socket.destroy();
    server.close();
  }
}

/** Latency of the smallest message, rate of the largest, and the times of all sizes: none takes longer than a larger one. */
export function fitLoopback(
  measured: readonly { readonly bytes: number; readonly times: readonly number[] }[],
): Loopback {
  const oneWay = measured.map(({ times }) => least(times) / 2);
  const sizes = measured.map(({ bytes }, index) => ({ bytes, seconds: least(oneWay.slice(index)) }));
  const [smallest, largest] = [sizes[0]!, sizes.at(-1)!];
  return {
    latency: smallest.seconds,
    bandwidth: largest.bytes / Math.max(largest.seconds - smallest.seconds, 1e-9),
    sizes,
    samples: measured.reduce((sum, { times }) => sum + times.length, 0),
  };
}

async function roundTrips(socket: Socket, seconds: number) {
  const messages = SIZES.map((bytes) => ({ message: Buffer.alloc(bytes, 1), times: [] as number[] }));
  const begun = performance.now();
  const isOver = () => performance.now() - begun > seconds * 1000;
  for (let round = 0; round < 3 || (round < MOST_ROUND_TRIPS && !isOver()); round++)
    for (const { message, times } of messages) {
      const start = performance.now();
      const back = received(socket, message.length);
      socket.write(message);
      await back;
      times.push((performance.now() - start) / 1000);
    }
  return messages.map(({ message, times }) => ({ bytes: message.length, times }));
}

function received(socket: Socket, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = bytes;
    const onData = (part: Buffer) => {
      left -= part.length;
      if (left > 0) return;
      socket.off('data', onData).off('error', reject);
      resolve();
    };
    socket.on('data', onData).on('error', reject);
  });
}
