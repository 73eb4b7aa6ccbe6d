/**
 * What AWS supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */
export {};
