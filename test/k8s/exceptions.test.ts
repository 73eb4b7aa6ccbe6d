import { httpProbe, livenessProbe } from '../../lib/k8s/container';
import { EXCEPTIONS, exceptionsFor, type Facts, podFacts } from '../../lib/k8s/exceptions';

const PLAIN: Facts = {
  kind: 'Deployment',
  replicas: 2,
  root: false,
  digests: true,
  secretEnvironment: false,
  hostPort: false,
  hostPath: false,
  sensitiveNames: false,
  sameProbes: false,
  headless: true,
};

describe('exceptions', () => {
  it('have a reason each, without a second "=", on which Checkov breaks', () => {
    for (const { reason } of EXCEPTIONS) expect(reason).toMatch(/^[^=]{20,}$/);
  });

  it('leave a plain workload with what holds for all', () => {
    const reason = 'A registry must restart its own pods while the registry of their images cannot be reached';
    expect(exceptionsFor(PLAIN)).toEqual({
      'kube-score/ignore': 'container-image-pull-policy',
      'checkov.io/skip-CKV_K8S_15': `CKV_K8S_15=${reason}`,
      'polaris.fairwinds.com/pullPolicyNotAlways-exempt': 'true',
      'polaris.fairwinds.com/metadataAndInstanceMismatched-exempt': 'true',
    });
  });

  it.each([
    [{ digests: false }, 'checkov.io/skip-CKV_K8S_43'],
    [{ secretEnvironment: true }, 'checkov.io/skip-CKV_K8S_35'],
    [{ replicas: 1 }, 'polaris.fairwinds.com/deploymentMissingReplicas-exempt'],
    [{ kind: 'DaemonSet' }, 'polaris.fairwinds.com/topologySpreadConstraint-exempt'],
    [{ hostPort: true }, 'checkov.io/skip-CKV_K8S_26'],
    [{ hostPath: true }, 'polaris.fairwinds.com/hostPathSet-exempt'],
    [{ root: true }, 'ignore-check.kube-linter.io/run-as-non-root'],
    [{ sensitiveNames: true }, 'polaris.fairwinds.com/sensitiveContainerEnvVar-exempt'],
    [{ kind: 'CronJob' }, 'polaris.fairwinds.com/missingNetworkPolicy-exempt'],
  ] as const)('add for %p only %s and its like', (fact, annotation) => {
    expect(exceptionsFor(PLAIN)).not.toHaveProperty([annotation]);
    expect(exceptionsFor({ ...PLAIN, ...fact })).toHaveProperty([annotation]);
  });

  it('say for a StatefulSet without names of its pods that its Service is meant', () => {
    expect(exceptionsFor({ ...PLAIN, headless: false })['kube-score/ignore']).toBe(
      'container-image-pull-policy,statefulset-has-servicename',
    );
  });

  it('say that a program with one health question is asked it twice', () => {
    expect(exceptionsFor({ ...PLAIN, sameProbes: true })['kube-score/ignore']).toBe(
      'container-image-pull-policy,pod-probes-identical',
    );
  });

  it('read the facts from the pods', () => {
    expect(podFacts([{ name: 'a', image: 'a:1' }], {}, 10000)).toEqual({
      root: false,
      digests: false,
      secretEnvironment: false,
      hostPort: false,
      hostPath: false,
      sensitiveNames: false,
      sameProbes: false,
    });
    const digest = `a@sha256:${'0'.repeat(64)}`;
    const container = {
      name: 'a',
      image: digest,
      readiness: httpProbe('/health', 1, 'http'),
      liveness: livenessProbe('/health', 1, 'http'),
      env: { A: { secret: 's', key: 'k' }, TOKEN_URL: 'https://a' },
      ports: { http: { containerPort: 1, hostPort: 1 } },
    };
    expect(podFacts([container], { a: { hostPath: { path: '/a' } } }, 0)).toEqual({
      root: true,
      digests: true,
      secretEnvironment: true,
      hostPort: true,
      hostPath: true,
      sensitiveNames: true,
      sameProbes: true,
    });
  });
});
