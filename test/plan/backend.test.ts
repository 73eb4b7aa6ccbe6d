import { outsideService, redirectTarget, s3Service } from '../../lib/plan/backend.js';
import { defer, isDeferred } from '../../lib/plan/deferred.js';
import type { SharedStorage } from '../../lib/plan/storage.js';

const secret = { credentialsSecret: 's' };
const oss = { type: 'oss', bucket: 'b', region: 'oss-cn-hangzhou', accessKeyId: 'a', ...secret } as const;
const azure = { type: 'azureBlob', accountName: 'acc', container: 'c', ...secret } as const;

describe('where Harbor sends readers of blobs', () => {
  it.each<[string, SharedStorage, string | undefined]>([
    ['AWS', { type: 's3', bucket: 'b', region: 'us-east-1' }, 'b.s3.us-east-1.amazonaws.com:443'],
    ['AWS in China', { type: 's3', bucket: 'b', region: 'cn-north-1' }, 'b.s3.cn-north-1.amazonaws.com.cn:443'],
    ['AWS without redirects', { type: 's3', bucket: 'b', region: 'us-east-1', redirect: false }, undefined],
    ['a compatible service', { type: 's3', bucket: 'b', region: 'r', endpoint: 'https://minio' }, undefined],
    [
      'one with redirects',
      { type: 's3', bucket: 'b', region: 'r', endpoint: 'http://minio', redirect: true },
      'minio:80',
    ],
    ['Azure', azure, 'acc.blob.core.windows.net:443'],
    ['Azure elsewhere', { ...azure, realm: 'core.chinacloudapi.cn' }, 'acc.blob.core.chinacloudapi.cn:443'],
    ['Azure without redirects', { ...azure, redirect: false }, undefined],
    ['Google', { type: 'gcs', bucket: 'b', ...secret }, 'storage.googleapis.com:443'],
    ['Google by identity', { type: 'gcs', bucket: 'b' }, undefined],
    ['Alibaba inside', oss, undefined],
    ['Alibaba inside with redirects', { ...oss, redirect: true }, 'b.oss-cn-hangzhou-internal.aliyuncs.com:443'],
    ['Alibaba outside', { ...oss, internal: false }, 'b.oss-cn-hangzhou.aliyuncs.com:443'],
    ['Alibaba by endpoint', { ...oss, endpoint: 'oss.example.com' }, 'oss.example.com:443'],
    ['a NAS', { type: 'nas', claim: 'c' }, undefined],
  ])('%s', (_, storage, expected) => {
    const target = redirectTarget(storage);
    expect(target && `${target.host}:${target.port}`).toBe(expected);
  });
});

it.each([
  ['https://minio.example.com:9000', 'minio.example.com', 9000],
  ['https://minio.example.com', 'minio.example.com', 443],
  ['http://minio.example.com/x', 'minio.example.com', 80],
  ['minio.example.com', 'minio.example.com', 443],
  ['', '', 443],
])('host and port of "%s"', (url, host, port) => {
  expect(outsideService(url)).toEqual({ host, port });
});

it('an endpoint that is known late has a host and a port that are known late', () => {
  const service = s3Service({ bucket: 'b', region: 'r', endpoint: defer('https://late:1') });
  expect([isDeferred(service.host), isDeferred(service.port)]).toEqual([true, true]);
});
