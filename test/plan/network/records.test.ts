import { answerWith } from '../../../lib/plan/network/records';

describe('what a name answers', () => {
  it('is addresses, or one host name', () => {
    expect(answerWith(['10.0.0.1', '10.0.0.2'])).toEqual({ type: 'A', values: ['10.0.0.1', '10.0.0.2'] });
    expect(answerWith(['lb.example.com'])).toEqual({ type: 'CNAME', values: ['lb.example.com'] });
    expect(answerWith(['lb.example.com.'])).toEqual({ type: 'CNAME', values: ['lb.example.com'] });
  });

  it.each([
    [[]],
    [['']],
    [['.']],
    [['999.1.1.1']],
    [['999.1.1.1.']],
    [['fd00::7']],
    [['10.0.0.1', 'lb.example.com']],
    [['one.example.com', 'other.example.com']],
  ])('is never %j', (values) => {
    expect(answerWith(values)).toBeUndefined();
  });
});
