import { Config, type CustomResourceOptions } from '@pulumi/pulumi';
import type { ApiObject } from 'cdk8s';
import { ClusterProvider, Manifests } from 'harbor-fleet/pulumi';
import { app } from './app';

const config = new Config();

/** Every kind has an option of its own. */
function configure(object: ApiObject): CustomResourceOptions | undefined {
  if (config.requireBoolean('force')) object.metadata.addAnnotation('pulumi.com/patchForce', 'true');
  switch (object.kind) {
    case 'Secret':
      return { protect: config.requireBoolean('protect') };
    case 'Deployment':
      return { ignoreChanges: ['spec.replicas'] };
    case 'Service':
      return { aliases: [{ name: 'app/service' }] };
    default:
      return {
        retainOnDelete: true,
        transforms: [({ props, opts }) => ({ props: { ...props, immutable: false }, opts })],
      };
  }
}

const settings = {
  namespace: config.require('namespace'),
  image: config.require('image'),
  replicas: config.requireNumber('replicas'),
  serviceId: config.require('serviceId'),
  color: config.require('color'),
};
const objects = new Manifests('app', (chart) => app(chart, settings), {
  provider: new ClusterProvider('cluster'),
  configure,
});

/** What the cluster itself says. */
const { metadata, status } = objects.resource(objects.built.workload);
export const uid = metadata.apply((one) => one.uid);
export const readyReplicas = status.apply((one) => one?.readyReplicas);
