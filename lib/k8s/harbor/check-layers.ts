const BLOCK = 512;

/** The two layers that the synthetic check pushes in turn, as tar archives in base64, by file name. */
export const checkLayers = (): Readonly<Record<string, string>> => ({
  'first.tar': tar('first').toString('base64'),
  'second.tar': tar('second').toString('base64'),
});

/** A tar archive (POSIX ustar) with one empty file of root's, dated 1970: the same bytes every time. */
export function tar(name: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  const fields: readonly (readonly [number, string])[] = [
    [0, name],
    [100, octal(0o644, 7)],
    [108, octal(0, 7)],
    [116, octal(0, 7)],
    [124, octal(0, 11)],
    [136, octal(0, 11)],
    // The sum is taken as if its own field were blank.
    [148, ' '.repeat(8)],
    [156, '0'],
    [257, 'ustar\0'],
    [263, '00'],
  ];
  for (const [offset, text] of fields) header.write(text, offset, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)} `, 148, 'latin1');
  // Two empty blocks end an archive.
  return Buffer.concat([header, Buffer.alloc(2 * BLOCK)]);
}
