import { readCron, readJobSchedule } from '../../lib/plan/cron';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';

const read = (how: (reader: Reader) => unknown, schedule: string): boolean => {
  const issues = new Issues();
  how(new Reader({ schedule }, '', issues));
  return issues.all.length === 0;
};
const isJob = (schedule: string) => read(readJobSchedule, schedule);
const isHarbor = (schedule: string) => read((reader) => readCron(reader, 'schedule'), schedule);

describe('schedules', () => {
  it.each(['30 3 * * *', '0-55/5 * * * *', '*/5 0,12 1-15 1,7 1-5', '@hourly', '@daily', '@weekly', '59 23 31 12 6'])(
    'of Kubernetes and Harbor: %s',
    (schedule) => expect([isJob(schedule), isHarbor(schedule)]).toEqual([true, true]),
  );

  it.each(['* * * * *', '1,*/20 * * * *', '0 0 * JAN-mar MON-FRI'])('of Kubernetes only: %s', (schedule) =>
    expect([isJob(schedule), isHarbor(schedule)]).toEqual([true, false]),
  );

  it.each([
    '60 * * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 32 * *',
    '0 0 * 13 *',
    '0 0 * * 7',
    '*/0 * * * *',
    '0 0 * *',
    '0 0 * * * *',
    'monthly',
  ])('of neither: %s', (schedule) => expect([isJob(schedule), isHarbor(schedule)]).toEqual([false, false]));
});
