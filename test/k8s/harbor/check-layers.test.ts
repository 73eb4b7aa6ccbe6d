import { checkLayers, tar } from '../../../lib/k8s/harbor/check-layers';

const field = (archive: Buffer, from: number, length: number) => archive.toString('latin1', from, from + length);

describe('the layers of the check', () => {
  it('are two archives of one file each, the same bytes every time', () => {
    expect(Object.keys(checkLayers())).toEqual(['first.tar', 'second.tar']);
    expect(checkLayers()).toEqual(checkLayers());
    expect(checkLayers()['first.tar']).not.toBe(checkLayers()['second.tar']);
    for (const layer of Object.values(checkLayers())) expect(Buffer.from(layer, 'base64')).toHaveLength(1536);
  });

  it('are archives by the standard: name, mode, owner, time, kind, magic and end', () => {
    const archive = tar('first');
    expect(field(archive, 0, 6)).toBe('first\0');
    expect(field(archive, 100, 8)).toBe('0000644\0');
    expect(field(archive, 108, 16)).toBe('0000000\0'.repeat(2));
    expect(field(archive, 124, 24)).toBe('00000000000\0'.repeat(2));
    expect(field(archive, 156, 1)).toBe('0');
    expect(field(archive, 257, 8)).toBe('ustar\x0000');
    expect(archive.subarray(512).every((byte) => byte === 0)).toBe(true);
  });

  it('carry the right checksum', () => {
    const archive = tar('second');
    const header = Buffer.from(archive.subarray(0, 512)).fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    expect(Number.parseInt(field(archive, 148, 6), 8)).toBe(sum);
    expect(field(archive, 154, 2)).toBe('\0 ');
  });
});
