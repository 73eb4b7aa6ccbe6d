import { readCheck } from '../../lib/plan/check';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';

const read = (check: unknown) => {
  const issues = new Issues();
  const value = readCheck(new Reader({ check }, '', issues), 'check');
  return { value, issues: issues.all.map((issue) => `${issue.path}: ${issue.problem}`) };
};

describe('readCheck', () => {
  it('checks every five minutes by default, pushes included', () => {
    expect(read(undefined)).toMatchObject({
      issues: [],
      value: {
        enabled: true,
        schedule: '*/5 * * * *',
        image: 'gcr.io/go-containerregistry/crane:v0.20.6',
        reference: 'library/harbor-fleet-check:1',
        push: true,
      },
    });
  });

  it('takes settings of its own', () => {
    const check = {
      enabled: false,
      schedule: '0 6 * * Mon-Fri',
      image: 'mirror.example.com/crane:v1',
      reference: 'a/b/c:latest',
      push: false,
    };
    expect(read(check)).toMatchObject({ issues: [], value: check });
    expect(read({ schedule: '@hourly' }).issues).toEqual([]);
  });

  it.each([
    [{ schedule: 'every minute' }, 'check.schedule: is not valid'],
    [{ schedule: '* * * *' }, 'check.schedule: is not valid'],
    [{ image: 'crane' }, 'check.image: is not valid'],
    [{ reference: 'registry.example.com/library/a' }, 'check.reference: is not valid'],
    [{ reference: 'no-project:1' }, 'check.reference: is not valid'],
    [{ reference: 'Library/a:1' }, 'check.reference: is not valid'],
    [{ interval: '5m' }, 'check.interval: is not a setting here'],
  ])('refuses %p', (check, issue) => expect(read(check).issues).toEqual([issue]));

  it('runs shorter than the default schedule allows', () => {
    expect(read(undefined).value.deadlineSeconds).toBeLessThan(300);
  });
});
