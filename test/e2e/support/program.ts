/** The two platforms of a test index; pods run the one of their node. */
export type Architecture = 'amd64' | 'arm64';

/** Waits for a signal, for ever: `pause()`; arm64 has only `ppoll()` without an end. */
const CODE: Record<Architecture, { readonly machine: number; readonly code: Buffer }> = {
  amd64: { machine: 62, code: Buffer.from('b822000000' + '0f05' + 'ebf7', 'hex') }, // mov eax, 34; syscall; jmp
  arm64: {
    machine: 183,
    code: Buffer.concat(
      // x0 to x3 = 0; x8 = 73; svc; b
      [0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800928, 0xd4000001, 0x17fffffa].map((word) => {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32LE(word);
        return bytes;
      }),
    ),
  },
};

const BASE = 0x400000n;
const HEADERS = 64 + 56;

/**
 * A static Linux program that starts and stays, in under 150 bytes.
 *
 * A test image must run, because a pod that pulled it must start; this one needs no compiler on the test
 * machine and leaves the size of an image to its random layers.
 */
export const staticProgram = (architecture: Architecture): Buffer => {
  const { machine, code } = CODE[architecture];
  const size = BigInt(HEADERS + code.length);
  const header = Buffer.alloc(HEADERS);
  header.write('\x7fELF\x02\x01\x01', 'latin1'); // 64 bit, little-endian
  header.writeUInt16LE(2, 16); // executable
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BASE + BigInt(HEADERS), 24); // entry point: right behind the headers
  header.writeBigUInt64LE(64n, 32); // program headers begin here
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(1, 64); // load
  header.writeUInt32LE(5, 68); // readable and executable
  header.writeBigUInt64LE(BASE, 80);
  header.writeBigUInt64LE(BASE, 88);
  header.writeBigUInt64LE(size, 96);
  header.writeBigUInt64LE(size, 104);
  header.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([header, code]);
};
