import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';

/**
 * Stands between the browser and an installation, as a reverse proxy does, and can make two things happen that
 * otherwise take a release: a new build of the app, and a server whose sync is of another version.
 */
export class Front {
  /** counted up, the page and the service worker are those of a newer build */
  build = 1;
  /** the server hears from every browser that it speaks something else */
  otherVersion = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(installationUrl: string): Promise<Front> {
    const { port: target } = new URL(installationUrl);
    const server = createServer((req, res) => {
      const headers = { ...req.headers };
      if (front.otherVersion && headers['x-rapt-sync']) headers['x-rapt-sync'] = '1.00000000';
      const path = req.url ?? '/';
      const rebuilt = /^\/(sw\.js|index\.html)/.test(path) || !/^\/(rpc|api)\/|\.\w+($|\?)/.test(path);
      if (rebuilt) delete headers['accept-encoding'];
      const up = request({ port: target, path, method: req.method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        if (!rebuilt) return void answer.pipe(res);
        answer.setEncoding('utf8');
        let text = '';
        answer.on('data', (part) => {
          text += part;
        });
        answer.on('end', () => res.end(front.rebuild(text)));
      });
      up.on('error', () => res.destroy());
      res.on('close', () => up.destroy());
      req.pipe(up);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || !address) throw new Error('no port');
    const front = new Front(server, `http://localhost:${address.port}`);
    return front;
  }

  /** What a build changes: a mark in the page, and with it the revision the service worker knows it by. */
  private rebuild(text: string): string {
    return text
      .replace('<head>', `<head><meta name="build" content="${this.build}">`)
      .replace(/(url:"index\.html",revision:")(\w+)"/, `$1$2-${this.build}"`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
