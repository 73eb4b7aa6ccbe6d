import { Construct } from 'constructs';
import type { HarborPlan } from '../../plan/harbor.js';
import { httpProbe } from '../container.js';
import { manifest } from '../manifest.js';
import { indent } from '../text.js';
import { internalTlsMount } from '../tls/mounts.js';
import { objectLabels, Workload, type WorkloadContext } from '../workload.js';
import { configFile, harborService, LEAVING, merge, servicePort, sizeOf, temporary, workloadOf } from './common.js';
import { serviceAnnotations } from './front-routes.js';
import { CLOSED, HEALTH, HEALTH_PATH, nginxConf, serverTls } from './nginx-config.js';

/** Harbor's pages: static files served by nginx. */
export class Portal extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { scheme, port, podPort } = plan.portal;
    const name = `${plan.instance}-portal`;
    const conf = portalConf(plan);
    manifest(this, 'config', 'ConfigMap', {
      metadata: { name, namespace: plan.namespace, labels: objectLabels(context, 'portal') },
      data: { 'nginx.conf': conf },
    });
    const parts = merge(
      configFile('config', name, 'nginx.conf', '/etc/nginx/nginx.conf'),
      temporary('tmp', '/tmp'),
      internalTlsMount(plan, 'portal'),
    );
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'portal'),
      kind: 'Deployment',
      containers: [
        {
          name: 'portal',
          image: plan.images.portal,
          ports: { [scheme]: podPort },
          readiness: httpProbe('/', podPort, scheme),
          liveness: httpProbe(HEALTH_PATH, podPort, scheme, { failureThreshold: 3 }),
          lifecycle: LEAVING,
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      configuration: [conf],
    });
    harborService(this, 'service', plan, context, 'portal', [servicePort(`${scheme}-portal`, port, podPort)], {
      annotations: serviceAnnotations(plan, 'portal'),
    });
  }
}

/** The portal's nginx.conf. An Ingress cannot refuse a path, so it sends those that are closed here. */
function portalConf(plan: HarborPlan): string {
  const { scheme, podPort } = plan.portal;
  const isTls = scheme === 'https';
  return nginxConf(
    sizeOf(plan, 'portal').resources,
    `include /etc/nginx/mime.types;
gzip on;
gzip_min_length 1000;
gzip_proxied expired no-cache no-store private auth;
gzip_types text/plain text/css application/json application/javascript text/xml application/xml;
server {
    listen ${podPort}${isTls ? ' ssl' : ''} default_server;
    root /usr/share/nginx/html;
    index index.html;
${indent(`${isTls ? serverTls('/etc/harbor/ssl/portal') : ''}${HEALTH}${CLOSED}`)}    location /devcenter-api-2.0 {
        try_files $uri $uri/ /swagger-ui-index.html;
    }
    location / {
        try_files $uri $uri/ /index.html;
    }
    location = /index.html {
        add_header Cache-Control "no-store, no-cache, must-revalidate";
    }
}
`,
  );
}
