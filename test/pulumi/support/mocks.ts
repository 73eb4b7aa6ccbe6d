import * as pulumi from '@pulumi/pulumi';
import type { Alias } from '@pulumi/pulumi/proto/alias_pb';
import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb';
import { type MockCallArgs, MockMonitor, type MockResourceArgs } from '@pulumi/pulumi/runtime/mocks';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';

// An Output in a text would otherwise become a sentence of help in it.
process.env.PULUMI_ERROR_OUTPUT_STRING = '1';

/** A value that the engine is told to keep secret. */
export class Secret {
  constructor(readonly value: unknown) {}
}

/** A value that a preview does not know. */
export const UNKNOWN = '(unknown)';

/** The alias of a resource that stood outside of every component. */
export const NO_PARENT = '(no parent)';

/** What the engine was asked for one resource. */
export interface Request {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly parent: string;
  readonly custom: boolean;
  /** Everything but secrets and unknown values as it is; those as {@link Secret} and {@link UNKNOWN}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** URNs of all dependencies. */
  readonly dependencies: readonly string[];
  /** URNs by top-level property. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider: string;
  readonly version: string;
  readonly protect: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly aliases: readonly string[];
  readonly importId: string;
  readonly additionalSecretOutputs: readonly string[];
}

/** All requests of a program, in the order in which they reached the engine. */
export class Recording {
  constructor(readonly requests: readonly Request[]) {}

  /** The one resource with this name, and this type when names repeat. */
  find(name: string, type?: string): Request {
    const found = this.requests.filter((one) => one.name === name && (type === undefined || one.type === type));
    const [request] = found;
    if (request !== undefined && found.length === 1) return request;
    throw new Error(`${found.length} resources called ${name}; there are:\n${this.names().join('\n')}`);
  }

  /** `type::name` of every resource, sorted: the logical names that must never change. */
  names(): string[] {
    return this.requests.map(({ type, name }) => `${type}::${name}`).sort();
  }
}

/** How a program is run. */
export interface RecordOptions {
  /** Outputs that exist only after deployment are unknown then. @default false */
  readonly preview?: boolean;
  /** @default stack */
  readonly stack?: string;
  /** The stack's configuration by namespace and key, such as `aws:region`; without a namespace it is the project's. @default - none */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What resources answer besides their inputs, which a preview does not know. A secret is a `pulumi.secret`. */
  readonly outputs?: (args: MockResourceArgs) => Record<string, unknown> | undefined;
  /** What a provider's functions answer besides their arguments. */
  readonly calls?: (args: MockCallArgs) => Record<string, unknown> | undefined;
}

const { mergeOptions } = pulumi;

/**
 * What the SDK spends most of a test's time on, and no test looks at: messages that never leave the process as protobuf,
 * where in the sources each resource was made, which a test runner looks up frame by frame, and the hundred types by
 * which older versions of azure-native called each of its resources.
 */
function withoutWire(): () => void {
  const values = new WeakMap<Struct, Record<string, never>>();
  const write = jest.spyOn(Struct, 'fromJavaScript').mockImplementation((value) => {
    const struct = new Struct();
    values.set(struct, value as Record<string, never>);
    return struct;
  });
  const read = jest.spyOn(Struct.prototype, 'toJavaScript').mockImplementation(function (this: Struct) {
    return values.get(this) ?? {};
  });
  const places = jest.spyOn(pulumi.Resource as unknown as { callsites(): unknown[] }, 'callsites').mockReturnValue([]);
  const merge = jest.spyOn(pulumi, 'mergeOptions').mockImplementation((options, more) => {
    const aliases = more?.aliases?.filter(
      (alias) => !(alias as pulumi.Alias).type?.toString().startsWith('azure-native:'),
    );
    return mergeOptions(options, aliases === undefined ? more : { ...more, aliases });
  });
  // The SDK notes where each of its thousands of promises was made, too.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
    for (const spy of [write, read, places, merge]) spy.mockRestore();
  };
}

/** Runs a program against a stand-in for the engine, and returns what it was asked. */
export async function record(
  program: () => unknown,
  { preview = false, stack = 'stack', config = {}, outputs, calls }: RecordOptions = {},
): Promise<Recording> {
  const requests: Request[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => ({
        id: preview ? undefined : `${args.name}-id`,
        state: { ...args.inputs, ...(preview ? unknown : same)({ ...generated(args), ...outputs?.(args) }) },
      }),
      call: (args) => ({ ...args.inputs, ...calls?.(args) }),
    },
    'project',
    stack,
    preview,
    'organization',
  );
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.includes(':') ? key : `project:${key}`, text(value)]),
    ),
  );
  const original = MockMonitor.prototype.registerResource;
  const spy = jest.spyOn(MockMonitor.prototype, 'registerResource').mockImplementation(function (
    this: MockMonitor,
    request: RegisterResourceRequest,
    callback,
  ) {
    requests.push(requestOf(request));
    return original.call(this, request, callback);
  });
  const recording = new Recording(requests);
  const restore = withoutWire();
  try {
    await program();
    await pulumi.runtime.disconnect();
  } finally {
    restore();
    spy.mockRestore();
  }
  return recording;
}

const same = (answers: Record<string, unknown>): Record<string, unknown> => answers;
const unknown = (answers: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.keys(answers).map((key) => [key, pulumi.unknown]));

/** What the providers of chance and certificates answer: a text that tells where it is from, secret where theirs is. */
function generated({ type, name }: MockResourceArgs): Record<string, unknown> {
  const text = (key: string): string => `${key} of ${name}`;
  const hidden = (key: string) => pulumi.secret(text(key));
  switch (type) {
    case 'random:index/randomPassword:RandomPassword':
      return { result: hidden('password'), bcryptHash: hidden('bcryptHash') };
    case 'tls:index/privateKey:PrivateKey':
      return { privateKeyPem: hidden('privateKeyPem'), privateKeyPemPkcs8: hidden('privateKeyPemPkcs8') };
    case 'tls:index/certRequest:CertRequest':
      return { certRequestPem: text('certRequestPem') };
    case 'tls:index/selfSignedCert:SelfSignedCert':
    case 'tls:index/locallySignedCert:LocallySignedCert':
      return { certPem: `-----BEGIN CERTIFICATE-----\n${text('certPem')}\n-----END CERTIFICATE-----\n` };
    default:
      return {};
  }
}

/** The URN that the engine's stand-in gives a resource. */
function urnOf(request: RegisterResourceRequest): string {
  const parentType = request.getParent().split('::')[2]?.split('$').pop();
  const type = parentType === undefined ? request.getType() : `${parentType}$${request.getType()}`;
  return ['urn:pulumi:stack', 'project', type, request.getName()].join('::');
}

function requestOf(request: RegisterResourceRequest): Request {
  return {
    type: request.getType(),
    name: request.getName(),
    urn: urnOf(request),
    parent: request.getParent(),
    custom: request.getCustom(),
    inputs: decode(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependenciesOf(request),
    provider: request.getProvider(),
    version: request.getVersion(),
    protect: request.getProtect() ?? false,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request.getAliasesList().map((alias) => alias.getUrn() || aliasOf(alias.getSpec())),
    importId: request.getImportid(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

const aliasOf = (spec?: Alias.Spec): string => spec?.getName() || (spec?.getNoparent() ? NO_PARENT : '');

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    found[key] = value.getUrnsList();
  });
  return found;
}

// How the engine's protocol marks values (@pulumi/pulumi/runtime/rpc).
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const UNKNOWN_VALUE = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

function decode(value: unknown): unknown {
  if (value === UNKNOWN_VALUE) return UNKNOWN;
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== 'object') return value;
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE] === SECRET) return new Secret(decode(record.value));
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, decode(item)]));
}

/** What an Output turns out to be. */
export const known = <T>(value: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => void value.apply((one) => resolve(one as T)));

/** The message with which an Output fails; in a program it stops the update. */
export const failureOf = async (value: unknown): Promise<string> => String(await reasonOf(value));

/** What an Output fails with. */
export async function reasonOf(value: unknown): Promise<unknown> {
  const parts = value as {
    promise(): Promise<unknown>;
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
    allResources(): Promise<unknown>;
  };
  const [result] = await Promise.allSettled([parts.promise(), parts.isKnown, parts.isSecret, parts.allResources()]);
  return result.status === 'rejected' ? result.reason : 'it did not fail';
}
