import { IMAGE } from '../../lib/plan/names';

describe('references of images', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    'nginx:1',
    'goharbor/harbor-core:v2.15.2',
    'registry.example.com/tools/kraken:v0.1.27',
    'Registry.example.com:5000/a/b__c/d--e.f:V_1.2-x',
    `docker.io/envoyproxy/envoy:distroless-v1.40.0@${digest}`,
    `localhost/a@${digest}`,
  ])('%s is one', (image) => expect(image).toMatch(IMAGE.pattern));

  it.each([
    'https://tools.example.com/kraken:v0.1.27',
    'tools.example.com/Kraken:v0.1.27',
    'tools.example.com/kraken',
    'tools.example.com//kraken:1',
    'tools.example.com:x/kraken:1',
    'kraken:',
    `kraken@${digest}0`,
    'a/-b:1',
    'a:1:2',
  ])('%s is none', (image) => expect(image).not.toMatch(IMAGE.pattern));
});
