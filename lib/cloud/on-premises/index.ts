/**
 * What a data centre's router and resolver are configured with, as texts: strongSwan, BIRD, nftables, CoreDNS and unbound. Loads no Pulumi.
 *
 * @packageDocumentation
 */
export { birdConf } from './bird.js';
export { type CommonNameProps, commonNameScript } from './common-name.js';
export {
  type DataCentreProps,
  type DataCentreRouter,
  type DataCentreValues,
  dataCentreFiles,
} from './files.js';
export { corefile, type NameAddresses, unboundConf } from './names.js';
export { nftablesConf } from './nftables.js';
export { type Router, type RouterProps, type RouterTunnel, routerOf } from './router.js';
export { routerService } from './service.js';
export { interfacesScript, strongswanConf, swanctlConf } from './strongswan.js';
