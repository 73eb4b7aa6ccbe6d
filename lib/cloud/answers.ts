import { type Output, output } from '@pulumi/pulumi';
import { type Answer, answerWith } from '../plan/network/records.js';
import { lateMistake } from '../pulumi/errors.js';
import type { AnsweredRecord } from './cloud.js';

/** What a private record answers, once its target is known. DNS has no name that stands for a zone itself: that fails then. */
export const answerOf = ({ record, target }: AnsweredRecord): Output<Answer> =>
  output(target).apply((values): Answer => {
    const answer = answerWith(values);
    if (answer === undefined) {
      throw lateMistake(
        `${record.name}: leads to ${values.join(', ') || 'nothing'}, not to IPv4 addresses or one host name`,
      );
    }
    if (answer.type === 'A' || record.name !== record.zone) return answer;
    throw lateMistake(
      `${record.name}: leads to the host name ${answer.values.join()}, but the name of a zone can only have addresses: give regions.${record.target.region}.addresses["${record.name}"]`,
    );
  });
