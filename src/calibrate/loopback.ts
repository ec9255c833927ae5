import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { least } from '../runtime/index.js';

/** TCP between two sockets of this machine. */
export interface Loopback {
  /** Seconds from a write of a few bytes to their arrival. */
  readonly latency: number;
  /** Bytes a second of a large message. */
  readonly bandwidth: number;
  readonly samples: number;
}

const LARGE_BYTES = 8_000_000;
const SMALL_BYTES = 100;

/**
 * Measures TCP through 127.0.0.1: messages in one write, without Nagle's delay, both ends in this process (so its one
 * thread carries both; two processes with a core each can only be faster).
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
    const small = await roundTrips(socket, SMALL_BYTES, seconds / 2, 200);
    const large = await roundTrips(socket, LARGE_BYTES, seconds / 2, 20);
    const latency = least(small) / 2;
    return {
      latency,
      bandwidth: LARGE_BYTES / Math.max(least(large) / 2 - latency, 1e-9),
      samples: small.length + large.length,
    };
  } finally {
    socket.destroy();
    server.close();
  }
}

async function roundTrips(
  socket: Socket,
  bytes: number,
  seconds: number,
  most: number,
): Promise<readonly number[]> {
  const message = Buffer.alloc(bytes, 1);
  const times: number[] = [];
  const begun = performance.now();
  while (times.length < 3 || (times.length < most && performance.now() - begun < seconds * 1000)) {
    const start = performance.now();
    const back = received(socket, bytes);
    socket.write(message);
    await back;
    times.push((performance.now() - start) / 1000);
  }
  return times;
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
