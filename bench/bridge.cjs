// Registers a number of Deployments with late values by one design, against a stand-in for the engine, and prints the milliseconds of
// processor time: what else the machine does counts less in it.
// node bench/bridge.cjs <manifests|raw|sdk> <count>
const pulumi = require('@pulumi/pulumi');
const [, , design, count] = process.argv;

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

(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: ({ inputs }) => inputs,
  });
  const run = designs[design]([0, 1, 2, 3].map((i) => pulumi.output(Promise.resolve(`late-${i}`))));
  const start = process.cpuUsage();
  run();
  await pulumi.runtime.disconnect();
  const { user, system } = process.cpuUsage(start);
  console.log((user + system) / 1000);
})();
