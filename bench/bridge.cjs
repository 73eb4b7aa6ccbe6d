// Registers a number of Deployments with late values by each design in turn, against a stand-in for the engine, and prints the
// milliseconds of processor time of every round as JSON: what else the machine does counts less in it.
// node --expose-gc bench/bridge.cjs <count> <rounds>
const pulumi = require('@pulumi/pulumi');
const [count, rounds] = process.argv.slice(2).map(Number);

const deployment = (i, late) => ({
  metadata: { name: `d-${i}`, namespace: 'n', labels: { app: `d-${i}` } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: `d-${i}` } },
    template: {
      metadata: { labels: { app: `d-${i}` }, annotations: { checksum: late[0] } },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'registry.example.com/app:1',
            ports: [{ containerPort: 8080 }],
            env: [
              { name: 'A', value: late[1] },
              { name: 'B', value: late[2] },
              { name: 'C', value: late[3] },
              { name: 'D', value: 'plain' },
            ],
            resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '64Mi' } },
          },
        ],
      },
    },
  },
});

class Raw extends pulumi.CustomResource {}

const designs = {
  manifests: (late) => {
    const { ApiObject } = require('cdk8s');
    const { Manifests, plain } = require('../dist/lib/pulumi/index.js');
    return () => {
      const markers = plain(late);
      new Manifests('bench', (chart) => {
        for (let i = 0; i < count; i++) {
          new ApiObject(chart, `d-${i}`, { apiVersion: 'apps/v1', kind: 'Deployment', ...deployment(i, markers) });
        }
      });
    };
  },
  raw: (late) => {
    const { getVersion } = require('@pulumi/kubernetes/utilities');
    return () => {
      const parent = new pulumi.ComponentResource('bench:index:Bench', 'bench');
      for (let i = 0; i < count; i++) {
        const body = { apiVersion: 'apps/v1', kind: 'Deployment', ...deployment(i, late), status: undefined };
        new Raw('kubernetes:apps/v1:Deployment', `d-${i}`, body, { parent, version: getVersion() });
      }
    };
  },
  sdk: (late) => {
    const { Deployment } = require('@pulumi/kubernetes/apps/v1');
    return () => {
      const parent = new pulumi.ComponentResource('bench:index:Bench', 'bench');
      for (let i = 0; i < count; i++) new Deployment(`d-${i}`, deployment(i, late), { parent });
    };
  },
};

// The SDK writes down ten calls for each of its promises: a program is loaded through more than that, so no design is spared any.
const loaded = (run, calls = 12) => (calls === 0 ? run() : [loaded(run, calls - 1)]);

(async () => {
  const times = { raw: [], manifests: [], sdk: [] };
  // The first two rounds warm up.
  for (let round = -2; round < rounds; round++) {
    for (const [design, of] of Object.entries(times)) {
      await pulumi.runtime.setMocks({
        newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
        call: ({ inputs }) => inputs,
      });
      const run = designs[design]([0, 1, 2, 3].map((i) => pulumi.output(Promise.resolve(`late-${i}`))));
      globalThis.gc();
      const start = process.cpuUsage();
      loaded(run);
      await pulumi.runtime.disconnect();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) of.push((user + system) / 1000);
    }
  }
  console.log(JSON.stringify(times));
})();
