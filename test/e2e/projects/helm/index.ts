import { Release } from '@pulumi/kubernetes/helm/v3';
import { Config } from '@pulumi/pulumi';

/** What `helm install` does: the provider has Helm in it. */
const config = new Config();
new Release('release', {
  name: config.require('release'),
  namespace: config.require('namespace'),
  chart: config.require('chart'),
  timeout: 300,
});
