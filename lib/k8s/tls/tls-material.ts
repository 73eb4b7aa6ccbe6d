import { Construct } from 'constructs';
import { isIpv4 } from '../../plan/address-rules.js';
import type { CertificatePlan } from '../../plan/harbor.js';
import type { CaSource, CertManagerTls, Tls } from '../../plan/tls.js';
import { manifest } from '../manifest.js';
import { objectLabels, type WorkloadContext } from '../workload.js';

/** What certificates an installation needs in one namespace, all from one source. */
export interface TlsMaterialProps {
  readonly context: WorkloadContext;
  /** Where the certificates come from. */
  readonly tls: Tls;
  /** The certificates, by the component that they are for. Components may share a Secret. */
  readonly certificates: Readonly<Record<string, CertificatePlan | undefined>>;
  /** Their owners also show them to the servers that they call. @default false */
  readonly client?: boolean;
  /** The CA behind them, and the ConfigMap that hands it (key `ca.crt`) to whoever must trust it. @default - none */
  readonly ca?: { readonly configMap: string | undefined; readonly source: CaSource };
}

/** What cert-manager makes certificates of, and the ConfigMap of a CA given as text. All other certificates are in planned Secrets. */
export class TlsMaterial extends Construct {
  constructor(scope: Construct, id: string, props: TlsMaterialProps) {
    super(scope, id);
    const { tls } = props;
    const done = new Set<string>();
    for (const [component, certificate] of Object.entries(props.certificates)) {
      if (certificate === undefined || done.has(certificate.secret)) continue;
      done.add(certificate.secret);
      if (tls.type === 'certManager') this.certificate(props, tls, component, certificate);
    }
    if (props.ca?.configMap !== undefined && props.ca.source?.from === 'text') {
      manifest(this, 'ca', 'ConfigMap', {
        metadata: metadata(props.context, 'ca', props.ca.configMap),
        data: { 'ca.crt': props.ca.source.pem },
      });
    }
  }

  private certificate(
    { context, client }: TlsMaterialProps,
    tls: CertManagerTls,
    component: string,
    { secret, commonName, names }: CertificatePlan,
  ): void {
    // The only addresses among names are our own constants, so a name that is not known yet is a DNS name.
    const addresses = names.filter(isIpv4);
    manifest(this, component, 'Certificate', {
      metadata: metadata(context, component, secret),
      spec: {
        secretName: secret,
        commonName,
        dnsNames: names.filter((name) => !isIpv4(name)),
        ipAddresses: addresses.length > 0 ? addresses : undefined,
        usages: ['digital signature', 'server auth', ...(client === true ? ['client auth'] : [])],
        issuerRef: { name: tls.issuer, kind: tls.issuerKind ?? 'ClusterIssuer', group: 'cert-manager.io' },
        // Short keys are quick to prove, and Harbor, Kraken, nginx and containerd all read this form.
        privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      },
    });
  }
}

const metadata = (context: WorkloadContext, component: string, name: string) => ({
  name,
  namespace: context.namespace,
  labels: objectLabels(context, component),
});
