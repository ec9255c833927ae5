import * as zlib from 'node:zlib';

/** CRC-32 (ISO 3309, as in zlib and PNG) of bytes, as an unsigned number. */
export function crc32(bytes: Uint8Array): number {
  // zlib's own is far faster; it came with Node 20.15.
  return typeof zlib.crc32 === 'function' ? zlib.crc32(bytes) >>> 0 : crc32ByTable(bytes);
}

/** The same, byte by byte. */
export function crc32ByTable(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});
