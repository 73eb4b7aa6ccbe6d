/**
 * The topology in a Pulumi stack: the same names and settings as in the catalogue, with Outputs wherever free text goes.
 *
 * @packageDocumentation
 */
export { type Inputs, plain } from './inputs.js';
