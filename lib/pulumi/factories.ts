import * as backend from '../plan/backend.js';
import * as cache from '../plan/cache.js';
import * as database from '../plan/database.js';
import * as exposure from '../plan/exposure.js';
import * as registries from '../plan/registry-props.js';
import * as settings from '../plan/settings-props.js';
import * as storage from '../plan/storage.js';
import * as tls from '../plan/tls.js';
import { type Inputs, plain } from './inputs.js';

/** A function that makes a choice of its settings. */
export type SettingsFactory = (...settings: never[]) => unknown;

/** The same factories, which also take Outputs wherever free text goes. */
export type WithOutputs<Factories extends Readonly<Record<string, SettingsFactory>>> = {
  readonly [Name in keyof Factories]: Parameters<Factories[Name]> extends [infer Settings]
    ? (settings: Inputs<Settings>) => ReturnType<Factories[Name]>
    : Parameters<Factories[Name]> extends [(infer Settings)?]
      ? (settings?: Inputs<NonNullable<Settings>>) => ReturnType<Factories[Name]>
      : Factories[Name];
};

function withOutputs<F extends Readonly<Record<string, SettingsFactory>>>(name: string, factories: F): WithOutputs<F> {
  return Object.fromEntries(
    Object.entries(factories).map(([key, make]) => [
      key,
      (...settings: never[]) => make(...settings.map((one) => plain(one, `${name}.${key}`) as never)),
    ]),
  ) as WithOutputs<F>;
}

/** Where a region's images are kept: one of these factories. */
export const SharedStorage = withOutputs('SharedStorage', storage.SharedStorage);
/** Where a region's images are kept. */
export type SharedStorage = storage.SharedStorage;
/** Network file systems that come ready-made. */
export const NasStorage = withOutputs('NasStorage', storage.NasStorage);
/** A network file system. */
export type NasStorage = storage.NasStorage;
/** Where Harbor keeps everything but its images: one of these factories. */
export const Database = withOutputs('Database', database.Database);
/** Where Harbor keeps everything but its images. */
export type Database = database.Database;
/** Where Harbor keeps sessions, queues and short-lived copies: one of these factories. */
export const Cache = withOutputs('Cache', cache.Cache);
/** Where Harbor keeps sessions, queues and short-lived copies. */
export type Cache = cache.Cache;
/** Where certificates come from: one of these factories. */
export const Tls = withOutputs('Tls', tls.Tls);
/** Where certificates come from. */
export type Tls = tls.Tls;
/** How clients reach a Harbor: one of these factories. */
export const Exposure = withOutputs('Exposure', exposure.Exposure);
/** How clients reach a Harbor. */
export type Exposure = exposure.Exposure;
/** Where a Kraken reads images: one of these factories. */
export const Backend = withOutputs('Backend', backend.Backend);
/** Where a Kraken reads images. */
export type Backend = backend.Backend;
/** Who users are: one of these factories. */
export const Authentication = withOutputs('Authentication', settings.Authentication);
/** Who users are. */
export type Authentication = settings.Authentication;
/** A registry outside the topology: one of these factories. */
export const RemoteRegistry = withOutputs('RemoteRegistry', registries.RemoteRegistry);
/** A registry outside the topology. */
export type RemoteRegistry = registries.RemoteRegistry;
