import { secret } from '@pulumi/pulumi';
import type { RecordOptions } from '../pulumi/support/mocks';
import * as ofAlicloud from './alicloud/fixtures';
import { networkAnswers } from './aws/ends';
import * as ofAzure from './azure/fixtures';
import * as ofGcp from './gcp/fixtures';

/** What stands for a key: letters and digits, as the files of a router need it. */
export const hex = (text: string): string => Buffer.from(text).toString('hex');

/** What all clouds make up besides the inputs. */
export const outputs: NonNullable<RecordOptions['outputs']> = (asked) =>
  asked.type === 'random:index/randomPassword:RandomPassword'
    ? { result: secret(hex(asked.name)) }
    : [networkAnswers, ofAzure.answers, ofGcp.answers, ofAlicloud.answers]
        .map((answers) => answers?.(asked))
        .find((answer) => answer !== undefined);

/** What their functions answer. */
export const calls: NonNullable<RecordOptions['calls']> = (asked) =>
  asked.token === 'gcp:compute/getAddresses:getAddresses'
    ? { addresses: [{ address: '10.2.4.2' }] }
    : ofAlicloud.calls?.(asked);
