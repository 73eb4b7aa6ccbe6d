import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface Tunnel {
  /** For the environment of a client: it then reaches the name without any DNS. */
  readonly env: Readonly<Record<string, string | undefined>>;
  close(): void;
}

/**
 * An HTTPS proxy on loopback that takes every connection to one name to one address.
 *
 * Test machines do not know the registry's name, and `skopeo` has no `--resolve`. This spares them
 * an edit of /etc/hosts, and the client still verifies the name's certificate end to end.
 */
export const openTunnel = (name: string, address: string, port = 443): Promise<Tunnel> => {
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, client, head: Buffer) => {
    if (request.url?.split(':')[0] !== name) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n'); // nothing else may be fetched by a test
      return;
    }
    const registry = connect(port, address, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      registry.write(head);
      registry.pipe(client).pipe(registry);
    });
    registry.on('error', () => client.destroy());
    client.on('error', () => registry.destroy());
    client.on('close', () => registry.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const none = { NO_PROXY: undefined, no_proxy: undefined };
      resolve({ env: { ...none, HTTPS_PROXY: url, https_proxy: url }, close: () => server.close() });
    });
  });
};
