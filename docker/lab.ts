import { join } from 'node:path';
import { GenericContainer, getContainerRuntimeClient, ImageName, Network, type StartedNetwork } from 'testcontainers';
import { freePort } from './free-port.ts';
import { labFolder, tagOf } from './image-tag.ts';
import { unframe } from './log-frames.ts';
import { answersDns, answersHttp, greets, saysDns, until } from './ready.ts';
import { type Companion, type Scenario, type Service, servicePorts } from './scenarios/scenario.ts';
import { markerName, type Zones, zoneFiles } from './zones.ts';

/** A server of the lab, up and greeting. Dispose of it to stop and remove its container. */
export interface RunningServer extends AsyncDisposable {
  readonly host: '127.0.0.1';
  /** The port on `host` where a service of the server can be reached. */
  port(service: Service): number;
  /** Where the server itself can be reached, beside Docker's proxy, which takes every connection to a mapped port. */
  address(): string;
  /** Runs a command inside as root; its output, or an error that quotes it where the exit code is not 0. */
  exec(command: string[]): Promise<string>;
  /** What the server has logged so far. */
  logs(): Promise<string>;
  /** PEM of the authority that signed the server's certificate. */
  caCertificate(): Promise<string>;
}

export type Image = Scenario['image'] | 'dns' | 'sender' | 'chromium' | 'shells' | 'monitoring';

/** Starts the server that a scenario describes; resolves when it greets, or would if the scenario let it. */
export async function startServer(
  scenario: Scenario,
  options: { network?: StartedNetwork } = {},
): Promise<RunningServer> {
  if (scenario.state === 'down') return nobody();
  const started = turn.then(() => startFor(scenario, options));
  turn = started.then(
    () => {},
    () => {},
  );
  return await started;
}

/**
 * One server is started at a time: that is work, and more at once would only take processors from those that are being
 * scanned.
 */
let turn = Promise.resolve();

async function startFor(scenario: Scenario, options: { network?: StartedNetwork }): Promise<RunningServer> {
  const companion = scenario.companion && (await startCompanion(scenario.companion, scenario.id));
  try {
    return asServer(scenario.image, await startContainer(scenario, options.network, companion), companion);
  } catch (problem) {
    if (companion) await stop(companion.container);
    throw problem;
  }
}

/** A second container, and the name under which the first finds it. */
interface RunningCompanion {
  readonly name: string;
  readonly container: Started;
}

async function startContainer(
  scenario: Scenario,
  network: StartedNetwork | undefined,
  companion: RunningCompanion | undefined,
): Promise<Started> {
  const ports = [...new Set<Service>(['smtp', 'submission', scenario.service])].map((service) => servicePorts[service]);
  const door = servicePorts[waitingRoom(scenario)];
  const isReady: IsReady = scenario.state === 'hidden' ? (_, exec) => greetsInside(exec) : (port) => greets(port(door));
  const container = new LabContainer(await imageOf(scenario.image), scenario.id)
    .withEnvironment({ LAB_CONFIG: JSON.stringify(scenario.config) })
    .withHostname('mx')
    .withExposedPorts(...ports)
    .whenReady(isReady);
  if (scenario.filtersPackets) container.withAddedCapabilities('NET_ADMIN');
  if (network) {
    // Docker's own name server, so that servers find each other by scenario id.
    container.withNetwork(network).withNetworkAliases(scenario.id).withEnvironment({ LAB_DNS: '127.0.0.11' });
  }
  if (companion) {
    // Both are on the engine's default network; a line in /etc/hosts costs no DNS.
    const ipAddress = companion.container.getIpAddress('bridge');
    container.withExtraHosts([{ host: companion.name, ipAddress }]);
  }
  return await container.start();
}

async function startCompanion({ name, image, config }: Companion, id: string): Promise<RunningCompanion> {
  const container = await new LabContainer(await imageOf(image), id)
    .withEnvironment({ LAB_CONFIG: JSON.stringify(config) })
    .withHostname(name)
    .withExposedPorts(servicePorts.smtp)
    .whenReady((port) => greets(port(servicePorts.smtp)))
    .start();
  return { name, container };
}

/** The lab's DNS: NSD, which holds `images/dns/root.zone` and what was published, and Unbound, which validates. */
export interface RunningDns extends AsyncDisposable {
  /** `127.0.0.1:port` of NSD, the same for UDP and TCP. It is authoritative for every name, and sets no AD. */
  readonly address: string;
  /** The same of Unbound, whose trust anchor is the key of the lab's root zone. */
  readonly validating: string;
  /**
   * Adds zones, or replaces those of the same name. Resolves when both servers answer by them; an error quotes what was
   * wrong with a zone. One call at a time.
   */
  publish(options: { readonly zones: Zones }): Promise<void>;
}

/** Starts the lab's DNS, with these zones beside the root zone, which is signed. */
export async function startDns({ zones = {} }: { readonly zones?: Zones } = {}): Promise<RunningDns> {
  const image = await imageOf('dns');
  const [port, validatingPort] = [await freePort(), await freePort()];
  const [address, validating] = [`127.0.0.1:${port}`, `127.0.0.1:${validatingPort}`];
  const container = await new LabContainer(image, 'dns')
    .withExposedPorts(...bothProtocols(53, port), ...bothProtocols(5300, validatingPort))
    .whenReady(async () => (await answersDns(address)) && (await answersDns(validating)))
    .start();
  let all: Zones = {};
  let times = 0;
  const publish: RunningDns['publish'] = async ({ zones: more }) => {
    const wanted = { ...all, ...more };
    times += 1;
    const files = Object.entries(zoneFiles(wanted, String(times)));
    await container.copyContentToContainer(files.map(([name, content]) => ({ content, target: `/lab/zones/${name}` })));
    await execIn(container, ['/lab/publish']);
    all = wanted;
    // NSD takes up its zones in the background; only then does Unbound forget what it has learned.
    if (!(await until(() => saysDns(address, markerName, String(times)), readyWithinMs)))
      throw new Error(`not published within ${readyWithinMs} ms; its log:\n${await logsOf(container.getId())}`);
    await execIn(container, ['unbound-control', '-c', '/lab/unbound.conf', 'flush_zone', '.']);
  };
  const running = { address, validating, publish, [Symbol.asyncDispose]: () => stop(container) };
  if (Object.keys(zones).length === 0) return running;
  try {
    await publish({ zones });
  } catch (problem) {
    await stop(container);
    throw problem;
  }
  return running;
}

/** One port of this machine for both protocols, which Docker would give a port each. */
const bothProtocols = (container: number, host: number) =>
  (['udp', 'tcp'] as const).map((protocol) => ({ container, host, protocol }));

/**
 * Starts a sender of mail that does DANE, with DNS of its own (`images/sender/entrypoint` reads `zones`); `address` is
 * where its resolver answers whoever is on this machine.
 */
export async function startSender(
  zones: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & Pick<RunningServer, 'address' | 'exec'>> {
  const container = await new LabContainer(await imageOf('sender'), 'sender')
    .withEnvironment({ LAB_CONFIG: JSON.stringify(zones) })
    .whenReady(async (_, exec) => (await exec(['drill', '@127.0.0.1', '.', 'SOA'])).output.includes('rcode:'))
    .start();
  return {
    address: () => container.getIpAddress('bridge'),
    exec: (command) => execIn(container, command),
    [Symbol.asyncDispose]: () => stop(container),
  };
}

/**
 * Starts a Chromium without a screen; resolves to the URL where its DevTools answer. It shows what it is given and
 * knows no host.
 */
export async function startChromium(): Promise<AsyncDisposable & { readonly devTools: string }> {
  const container = await new LabContainer(await imageOf('chromium'), 'chromium')
    .withExposedPorts(devToolsPort)
    .whenReady((port) => answersHttp(`http://127.0.0.1:${port(devToolsPort)}/json/version`))
    .start();
  // By address: DevTools turn away who asks for them by a name.
  const devTools = `http://127.0.0.1:${container.getMappedPort(devToolsPort)}`;
  return { devTools, [Symbol.asyncDispose]: () => stop(container) };
}

/** A container with bash, zsh, fish, groff, mandoc and Node, and a folder of this machine at /work. */
export const startShells = (folder: string) => startTools('shells', folder);

/**
 * A container with what monitors read plugins, logs (fail2ban) and metrics (promtool) with, and a folder of this
 * machine at /work.
 */
export const startMonitoring = (folder: string) => startTools('monitoring', folder);

/** A Prometheus that runs by a configuration in a folder of this machine, which it has at /work. */
export async function startPrometheus(
  folder: string,
  config: string,
): Promise<AsyncDisposable & { readonly url: string }> {
  const container = await new LabContainer(await imageOf('monitoring'), 'prometheus')
    .withBindMounts([{ source: folder, target: '/work', mode: 'ro' }])
    .withCommand(['prometheus', `--config.file=${config}`, '--storage.tsdb.path=/tmp/prometheus'])
    .withExposedPorts(prometheusPort)
    .whenReady((port) => answersHttp(`http://127.0.0.1:${port(prometheusPort)}/-/ready`))
    .start();
  const url = `http://127.0.0.1:${container.getMappedPort(prometheusPort)}`;
  return { url, [Symbol.asyncDispose]: () => stop(container) };
}

async function startTools(
  image: 'shells' | 'monitoring',
  folder: string,
): Promise<AsyncDisposable & Pick<RunningServer, 'exec'>> {
  const container = await new LabContainer(await imageOf(image), image)
    .withBindMounts([{ source: folder, target: '/work', mode: 'ro' }])
    .whenReady(async () => true)
    .start();
  return { exec: (command) => execIn(container, command), [Symbol.asyncDispose]: () => stop(container) };
}

/** A network where servers of the lab can talk to each other. */
export async function startNetwork(): Promise<StartedNetwork> {
  await doWithoutReaper();
  return new Network().start();
}

/** Builds what is missing. `startServer` does so too; ahead of parallel tests it is done once. */
export async function buildImages(
  images: readonly Image[] = [
    'postfix-dovecot',
    'exim',
    'opensmtpd',
    'sendmail',
    'courier',
    'aiosmtpd',
    'qpsmtpd',
    'dns',
    'sender',
    'chromium',
    'shells',
    'monitoring',
  ],
): Promise<void> {
  for (const image of images) await imageOf(image);
}

type Started = Awaited<ReturnType<GenericContainer['start']>>;
type PortOf = (inside: number) => number;
type Exec = (command: string[]) => Promise<{ readonly output: string; readonly exitCode: number }>;
type IsReady = (port: PortOf, exec: Exec) => Promise<boolean>;

/** Whether Postfix greets on the container's own loopback, which nobody outside can see. */
async function greetsInside(exec: Exec): Promise<boolean> {
  const { output } = await exec(['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/25; head -1 <&3; echo QUIT >&3']);
  return output.includes('220 ');
}

/** Long, for a machine that is busy with something else: a server that fails ends, and is not waited for. */
const readyWithinMs = 120_000;

/** Where `images/chromium/entrypoint` passes its DevTools on. */
const devToolsPort = 9222;

const prometheusPort = 9090;

/** Published on the loopback address only: an open relay is nothing to offer to the neighbours. */
class LabContainer extends GenericContainer {
  constructor(image: string, id: string) {
    super(image);
    this.withLabels({ 'mxprobe.lab': id }); // docker rm -f $(docker ps -aqf label=mxprobe.lab) clears away what a crash left
  }

  /**
   * Asks again until it is so. Docker's proxy accepts connections before the server listens: an open port says nothing.
   */
  whenReady(isReady: IsReady): this {
    return this.withWaitStrategy({
      waitUntilReady: async (container, ports) => {
        let stopped = false;
        const ends = () => {
          stopped = true;
        };
        container.wait().then(ends, ends);
        const { container: inside } = await getContainerRuntimeClient();
        const exec: Exec = (command) => inside.exec(container, command);
        const settled = async () => stopped || (await isReady((port) => ports.getBinding(port), exec));
        if ((await until(settled, readyWithinMs)) && !stopped) return;
        const outcome = stopped ? 'it stopped' : `not ready within ${readyWithinMs} ms`;
        throw new Error(`${outcome}; its log:\n${await logsOf(container.id)}`);
      },
      withStartupTimeout() {
        return this;
      },
      isStartupTimeoutSet: () => true,
      getStartupTimeout: () => readyWithinMs,
    });
  }

  protected override async beforeContainerCreated(): Promise<void> {
    const bindings: Record<string, { HostIp?: string; HostPort?: string }[]> = this.hostConfig.PortBindings ?? {};
    for (const binding of Object.values(bindings).flat()) binding.HostIp = '127.0.0.1';
  }
}

/**
 * Where to wait for the greeting: not at the door that the scan will use. Postfix counts clients per service, and the
 * first window there belongs to the tests.
 */
function waitingRoom({ image, service }: Scenario): Service {
  if (image === 'postfix-dovecot' && service === 'smtp') return 'submission';
  return image === 'courier' ? service : 'smtp';
}

function asServer(
  image: Scenario['image'],
  container: Started,
  companion: RunningCompanion | undefined,
): RunningServer {
  const exec: RunningServer['exec'] = (command) => execIn(container, command);
  return {
    host: '127.0.0.1',
    port: (service) => container.getMappedPort(servicePorts[service]),
    address: () => container.getIpAddress('bridge'),
    exec,
    logs: () => logsOf(container.getId()),
    caCertificate: () => {
      const known = authorities.get(image) ?? exec(['cat', '/lab/tls/ca.pem']);
      authorities.set(image, known);
      return known;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([stop(container), companion && stop(companion.container)]);
    },
  };
}

/** The authority is made with the image: asked for once. */
const authorities = new Map<Scenario['image'], Promise<string>>();

/** A host where no mail server runs: each port is closed. */
async function nobody(): Promise<RunningServer> {
  const port = await freePort();
  const nothing = () => Promise.reject(new Error('nothing runs here'));
  return {
    host: '127.0.0.1',
    port: () => port,
    address: () => '127.0.0.1',
    exec: nothing,
    logs: nothing,
    caCertificate: nothing,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function execIn(container: Started, command: string[]): Promise<string> {
  const { output, exitCode } = await container.exec(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: exit code ${exitCode}\n${output}`);
  return output;
}

const stop = async (container: Started): Promise<void> => void (await container.stop({ timeout: 0 }));

const images = new Map<string, Promise<string>>();

/** The tag of an image, built first if there is none for what its folder holds now. */
function imageOf(name: Image | 'base'): Promise<string> {
  const known = images.get(name) ?? buildUnlessThere(name);
  images.set(name, known);
  return known;
}

async function buildUnlessThere(name: Image | 'base'): Promise<string> {
  const client = await getContainerRuntimeClient();
  await doWithoutReaper();
  const base = standsAlone(name) ? undefined : await imageOf('base');
  const folder = join(labFolder, 'images', name);
  const tag = await tagOf(name, folder, base);
  if (await client.image.exists(ImageName.fromString(tag))) return tag;
  // Docker's classic builder, which every engine has. DEBUG=testcontainers:build shows what it says.
  await GenericContainer.fromDockerfile(folder)
    .withBuildArgs(base ? { BASE: base } : {})
    .build(tag, { deleteOnExit: false });
  return tag;
}

/** Images that need nothing of what mail servers share. */
const standsAlone = (name: Image | 'base'): boolean =>
  ['base', 'dns', 'sender', 'chromium', 'shells', 'monitoring'].includes(name);

/**
 * The reaper removes containers after a crash. It comes from a registry; where it is not here already, tests run
 * without it.
 */
async function doWithoutReaper(): Promise<void> {
  if (process.env.TESTCONTAINERS_RYUK_DISABLED !== undefined) return;
  const reaper = ImageName.fromString(process.env.RYUK_CONTAINER_IMAGE ?? 'testcontainers/ryuk:0.14.0');
  const client = await getContainerRuntimeClient();
  if (!(await client.image.exists(reaper))) process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
}

async function logsOf(id: string): Promise<string> {
  const client = await getContainerRuntimeClient();
  return unframe(await client.container.getById(id).logs({ stdout: true, stderr: true, follow: false }));
}
