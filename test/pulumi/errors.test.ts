import { RunError } from '@pulumi/pulumi';
import { lateMistake, toldLate } from '../../lib/pulumi/errors';

const thrownBy = (fail: () => never): unknown => {
  try {
    toldLate('regions.factory.cloud', fail);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('what is made of late values', () => {
  it('is as it was made', () => {
    expect(toldLate('regions.factory.cloud', () => 'text')).toBe('text');
  });

  it('tells a mistake with its place, without a stack trace', () => {
    const error = thrownBy(() => {
      throw new Error('no address of the resolver of region "a" is given');
    });
    expect(RunError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      message: 'regions.factory.cloud: no address of the resolver of region "a" is given',
      stack: '',
    });
  });

  it.each([new TypeError('x is undefined'), lateMistake('told already'), 'no error'])('passes %p on', (error) => {
    expect(
      thrownBy(() => {
        throw error;
      }),
    ).toBe(error);
  });
});
