/**
 * What a data centre's router and resolver are configured with, as texts: strongSwan, BIRD, nftables, CoreDNS and unbound. Loads no Pulumi.
 *
 * @packageDocumentation
 */
export { birdConf } from './bird.js';
export { corefile, type NameAddresses, unboundConf } from './names.js';
export { nftablesConf } from './nftables.js';
export { type Router, type RouterProps, type RouterTunnel, routerOf } from './router.js';
export { interfacesScript, strongswanConf, swanctlConf } from './strongswan.js';
