import { type Output, output } from '@pulumi/pulumi';
import { lateMistake } from '../pulumi/errors.js';
import type { AnsweredRecord } from './cloud.js';

/** A private record as DNS writes it. */
export interface Answer {
  readonly type: 'A' | 'CNAME';
  readonly values: readonly string[];
}

const isAddress = (text: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(text);

/** What a private record answers, once its target is known. DNS has no name that stands for a zone itself: that fails then. */
export const answerOf = ({ record, target }: AnsweredRecord): Output<Answer> =>
  output(target).apply((values): Answer => {
    if (values.length > 0 && values.every(isAddress)) return { type: 'A', values };
    const [host = ''] = values;
    if (values.length !== 1 || host === '') {
      throw lateMistake(
        `${record.name}: leads to ${values.join(', ') || 'nothing'}, not to IPv4 addresses or one host name`,
      );
    }
    if (record.name !== record.zone) return { type: 'CNAME', values };
    throw lateMistake(
      `${record.name}: leads to the host name ${host}, but the name of a zone can only have addresses: give regions.${record.target.region}.addresses["${record.name}"]`,
    );
  });
