import { type JsonValue, terraformJson } from '../../../lib/cloud/huawei';
import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology } from '../../../lib/plan/plan';
import { network, networked } from '../../plan/network/networks';
// Arguments as the provider documents them ("!" ends what is required), of commit a0345b8 (2026-08-21) of huaweicloud/terraform-provider-huaweicloud.
import documented from './provider-schema.json';

type Block = { readonly [key: string]: string | Block };
const SCHEMA: Readonly<Record<string, Block>> = documented;

const isMap = (value: unknown): value is Readonly<Record<string, JsonValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** An expression may stand for a value of any kind. */
const isExpression = (value: JsonValue): boolean => typeof value === 'string' && /^\$\{.+\}$/.test(value);

/** What is wrong with a resource's arguments: names that are not documented, wrong kinds, required ones that are missing. */
function mistakes(path: string, given: Readonly<Record<string, JsonValue>>, block: Block): readonly string[] {
  const { dynamic, lifecycle, ...own } = given;
  const inBlocks = isMap(dynamic) ? Object.keys(dynamic) : [];
  const bare = new Map(Object.entries(block).map(([key, kind]) => [key.replace('!', ''), kind]));
  const missing = Object.keys(block).filter((key) => key.endsWith('!') && !(key.slice(0, -1) in own));
  return [
    ...missing
      .map((key) => key.slice(0, -1))
      .filter((key) => !inBlocks.includes(key))
      .map((key) => `${path}.${key}: is missing`),
    ...Object.entries(own).flatMap(([key, value]) => argument(`${path}.${key}`, value, bare.get(key))),
    ...(isMap(dynamic)
      ? Object.entries(dynamic).flatMap(([key, made]) => {
          const [{ content, ...rest }] = made as readonly [Readonly<Record<string, JsonValue>>];
          const loop = Object.keys(rest).join() === 'for_each' ? [] : [`${path}.dynamic.${key}: is no loop`];
          return [...loop, ...argument(`${path}.${key}`, content ?? [], bare.get(key))];
        })
      : []),
    ...(lifecycle === undefined || JSON.stringify(lifecycle) === '{"prevent_destroy":true}'
      ? []
      : [`${path}.lifecycle`]),
  ];
}

function argument(path: string, value: JsonValue, kind: string | Block | undefined): readonly string[] {
  if (kind === undefined) return [`${path}: is not documented`];
  if (isExpression(value)) return [];
  if (typeof kind !== 'string') {
    if (!Array.isArray(value)) return [`${path}: is no list of blocks`];
    return value.flatMap((one, i) =>
      isMap(one) ? mistakes(`${path}[${i}]`, one, kind) : [`${path}[${i}]: is no block`],
    );
  }
  const right: Readonly<Record<string, boolean>> = {
    string: typeof value === 'string',
    int: Number.isInteger(value),
    bool: typeof value === 'boolean',
    list: Array.isArray(value),
    map: isMap(value),
  };
  return right[kind] ? [] : [`${path}: is no ${kind}`];
}

const resourcesOf = (json: ReturnType<typeof terraformJson>) =>
  json.resource as Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, JsonValue>>>>>>;

const check = (json: ReturnType<typeof terraformJson>): readonly string[] =>
  Object.entries(resourcesOf(json)).flatMap(([kind, resources]) =>
    Object.entries(resources).flatMap(([name, given]) => {
      const block = SCHEMA[kind];
      return block === undefined ? [`${kind}: is not documented`] : mistakes(`${kind}.${name}`, given, block);
    }),
  );

const everything = (props: Parameters<typeof terraformJson>[2] = {}) => {
  const ours = Network.huawei({
    cidrs: ['10.1.0.0/16'],
    region: 'ap-southeast-3',
    resolvers: ['10.1.0.53', '10.1.1.53', '10.1.2.53'],
  });
  const data = { ...network('onPremises', 2), resolvers: ['10.2.0.53'] };
  const beside = network('huawei', 3);
  const far = Network.huawei({ cidrs: ['10.4.0.0/16'], region: 'ap-southeast-1' });
  const links = Links.mesh({ links: [{ between: ['region-3', 'region-4'], via: 'existing' }] });
  const plan = planTopology(networked([network('aws', 0), ours, data, beside, far], links));
  return terraformJson(plan, 'region-1', { bandwidthLinks: ['region-1--region-4'], ...props });
};
const exists = { existingEips: true, existingCloudConnection: true, loadedVpcs: ['region-1'] } as const;
const storage = { bucket: 'example-registry', fileSystem: { size: '1Ti' }, organization: 'example-org' } as const;

describe('what is asked of Huawei Cloud is what its provider documents', () => {
  it.each([{}, { ...storage, ...exists }])('with %j', (props) => {
    expect(check(everything(props))).toEqual([]);
  });

  it('every kind of resource that it can ask for is among them', () => {
    expect(Object.keys(resourcesOf(everything(storage))).sort()).toEqual(
      Object.keys(SCHEMA)
        .filter((kind) => !kind.includes('sync'))
        .sort(),
    );
  });

  it('every reference leads to a resource or variable that is there', () => {
    for (const props of [{}, { ...storage, ...exists }]) {
      const json = everything(props);
      const text = JSON.stringify([json.resource, json.output]);
      const variables = [...text.matchAll(/\bvar\.([a-z_]+)/g)].map(([, name]) => name);
      expect([...new Set(variables)].sort()).toEqual(Object.keys(json.variable as object).sort());
      const references = [...text.matchAll(/\b(huaweicloud_[a-z_]+)\.([-A-Za-z0-9_]+)/g)];
      expect(references.length).toBeGreaterThan(10);
      for (const [, kind = '', name = ''] of references) {
        expect([kind, name, resourcesOf(json)[kind]?.[name] !== undefined]).toEqual([kind, name, true]);
      }
    }
  });

  it('a misspelt, misplaced or missing argument would show', () => {
    const json = everything(storage);
    const broken = (kind: string, change: (given: Record<string, JsonValue>) => void): readonly string[] => {
      const copy = structuredClone(json);
      const [first] = Object.values(resourcesOf(copy)[kind] ?? {});
      change(first as Record<string, JsonValue>);
      return check(copy).map((text) => text.replace(/^[a-z_]+\.[^.]+\./, ''));
    };
    expect(
      broken('huaweicloud_vpn_connection', (given) => {
        given.pre_shared_key = given.psk ?? '';
        delete given.psk;
      }),
    ).toEqual(['psk: is missing', 'pre_shared_key: is not documented']);
    expect(
      broken('huaweicloud_vpn_connection', (given) => {
        given.ikepolicy = [{ dhgroup: 'group14' }];
      }),
    ).toEqual(['ikepolicy[0].dhgroup: is not documented']);
    expect(
      broken('huaweicloud_vpn_gateway', (given) => {
        given.asn = '64601';
      }),
    ).toEqual(['asn: is no int']);
    expect(
      broken('huaweicloud_obs_bucket', (given) => {
        given.lifecycle_rule = [{ name: 'x' }];
      }),
    ).toEqual(['lifecycle_rule[0].enabled: is missing']);
  });
});
