import { output } from '@pulumi/pulumi';
import { onPremises } from '../../lib/cloud/on-premises/pulumi';
import { toldLate } from '../../lib/pulumi/errors';
import { known, record } from '../pulumi/support/mocks';
import { complete } from './gathered';
import { plan } from './on-premises/fixtures';

jest.mock('../../lib/pulumi/errors', () => ({
  ...jest.requireActual('../../lib/pulumi/errors'),
  toldLate: jest.fn((_path: string, make: () => unknown) => make()),
}));

// An Output that fails would end the test, so that errors are told is the matter of test/pulumi/errors.test.ts.
it('mistakes in files that are written late are told with the place of the settings', async () => {
  await record(async () => {
    await known(complete(onPremises(), plan, 'factory', output(['10.2.0.80'])));
  });
  expect(jest.mocked(toldLate).mock.calls.map(([path]) => path)).toContain('regions.factory.cloud');
});
