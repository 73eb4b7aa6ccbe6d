// Made by `npm run settings-script` from lib/settings: change that, and run it again.

/** What brings settings about in the cluster: lib/settings as one script without dependencies. */
export const SETTINGS_SCRIPT: string = `'use strict';
const modules = {
"accounts"(exports, require) {
exports.foundRobot = void 0;
exports.users = users;
exports.groups = groups;
exports.robots = robots;
const managed_js_1 = require("./managed.js");
const reconcile_js_1 = require("./reconcile.js");
const session_js_1 = require("./session.js");
const COMMENT = 'Made by harbor-fleet';
function users(plan, session) {
const { api } = session;
const planned = new Map(plan.users.map((user) => [user.name, user]));
return {
kind: 'user',
wanted: new Map(plan.users.map(({ name, admin }) => [name, { state: { admin } }])),
async read() {
if (planned.size === 0)
return new Map();
const all = await api.list('/users');
return new Map(all.map(({ user_id, username, sysadmin_flag = false }) => [
username,
{ id: user_id, ours: false, state: { admin: sysadmin_flag } },
]));
},
async create(name, { admin }) {
const user = planned.get(name);
if (user === undefined)
return;
const body = {
username: name,
email: user.email,
realname: name,
comment: COMMENT,
password: session.secret(user.password),
};
const id = await api.send('POST', '/users', body);
if (admin)
await api.send('PUT', \`/users/\${id}/sysadmin\`, { sysadmin_flag: true });
},
async update(_, { admin }, { id }) {
await api.send('PUT', \`/users/\${id}/sysadmin\`, { sysadmin_flag: admin });
},
};
}
function groups(plan, { api }) {
return {
kind: 'group',
wanted: new Map(plan.groups.map(({ name, type, ldapDn }) => [name, { state: { type, ldapDn } }])),
async read() {
if (plan.groups.length === 0)
return new Map();
const all = await api.list('/usergroups');
return new Map(all.map(({ id, group_name, group_type, ldap_group_dn }) => [
group_name,
{ id, ours: false, state: { type: group_type, ldapDn: ldap_group_dn } },
]));
},
async create(name, { type, ldapDn }) {
await api.send('POST', '/usergroups', { group_name: name, group_type: type, ldap_group_dn: ldapDn });
},
async update(name, { type, ldapDn }, { id }) {
await api.send('PUT', \`/usergroups/\${id}\`, { group_name: name, group_type: type, ldap_group_dn: ldapDn });
},
};
}
const PLANNED = 'as planned';
const OTHER = 'another';
function robots(plan, session) {
const { api } = session;
const planned = new Map(plan.robots.map((robot) => [robot.name, robot]));
const bodyOf = (name, more) => {
const { permissions = [], system = [] } = planned.get(name) ?? {};
return {
name,
level: 'system',
description: managed_js_1.MANAGED,
disable: false,
duration: -1,
permissions: [
...permissions.map(({ project, access }) => ({ kind: 'project', namespace: project, access })),
...(system.length === 0 ? [] : [{ kind: 'system', namespace: '/', access: system }]),
],
...more,
};
};
const setPassword = async (name, id) => {
const robot = planned.get(name);
if (robot !== undefined)
await api.send('PATCH', \`/robots/\${id}\`, { secret: session.secret(robot.password) });
};
return {
kind: 'robot',
wanted: new Map(plan.robots.map((robot) => [
robot.name,
{ state: stateOf(robot), needs: robot.permissions.map(({ project }) => \`project \${project}\`) },
])),
async read() {
const all = await api.list('/robots?q=Level%3Dsystem');
const found = await (0, reconcile_js_1.each)(all, async (robot) => {
const name = robot.name.slice(session.robotPrefix.length);
const wanted = planned.get(name);
const known = wanted !== undefined && (await hasPassword(robot, wanted, session));
const state = (0, exports.foundRobot)(robot, known ? PLANNED : OTHER);
return [name, { id: robot.id, ours: state.managed, state }];
});
return new Map(found);
},
async create(name) {
const robot = planned.get(name);
if (robot !== undefined)
session.secret(robot.password);
await setPassword(name, await api.send('POST', '/robots', bodyOf(name, {})));
},
async update(name, _, { id }, fields) {
if (fields.some(({ field }) => field !== 'password')) {
const full = \`\${session.robotPrefix}\${name}\`;
await api.send('PUT', \`/robots/\${id}\`, bodyOf(name, { id, name: full }));
}
if (fields.some(({ field }) => field === 'password'))
await setPassword(name, id);
},
async remove(_, { id }) {
await api.send('DELETE', \`/robots/\${id}\`);
},
};
}
async function hasPassword(robot, { password }, session) {
if (robot.disable === true)
return true;
return session.api.logsIn(robot.name, session.secret(password));
}
const stateOf = ({ permissions, system = [] }) => ({
enabled: true,
expires: false,
permissions: [
...permissions.flatMap(({ project, access }) => access.map(({ resource, action }) => \`\${project}: \${resource} \${action}\`)),
...system.map(({ resource, action }) => \`system /: \${resource} \${action}\`),
].sort(),
managed: true,
password: PLANNED,
});
const foundRobot = (robot, password) => ({
enabled: robot.disable !== true,
expires: robot.duration !== -1,
permissions: (robot.permissions ?? [])
.flatMap(({ kind, namespace, access = [] }) => access.map(({ resource, action, effect }) => {
const what = \`\${namespace}: \${resource} \${action}\${effect === 'deny' ? ' (denied)' : ''}\`;
return kind === 'project' ? what : \`\${kind} \${what}\`;
}))
.sort(),
managed: (0, session_js_1.isOurs)(robot.description),
password,
});
exports.foundRobot = foundRobot;
},
"api"(exports, require) {
exports.Api = exports.ApiError = void 0;
const node_crypto_1 = require("node:crypto");
class ApiError extends Error {
status;
constructor(message, status) {
super(message);
this.status = status;
this.name = 'ApiError';
}
}
exports.ApiError = ApiError;
const PAGE = 100;
const TRIES = 4;
const AWAY = [undefined, 502, 503, 504];
class Api {
props;
hidden = new Set();
constructor(props) {
this.props = props;
this.hidden.add(props.password);
}
async get(path) {
const answer = await this.read(path);
return answer === undefined || answer.text === '' ? undefined : this.parse(\`GET \${path}\`, answer.text);
}
async list(path, isEnough = () => false) {
const items = [];
for (let page = 1;; page++) {
const query = \`\${path}\${path.includes('?') ? '&' : '?'}page=\${page}&page_size=\${PAGE}\`;
const answer = await this.read(query);
const found = answer === undefined || answer.text === '' ? [] : this.parse(\`GET \${path}\`, answer.text);
items.push(...(found ?? []));
if (found === null || found.length < PAGE || items.length >= (answer?.total ?? 0) || isEnough(found))
return items;
}
}
async send(method, path, body) {
const answer = await this.request(method, path, body);
if (answer.status >= 300)
throw this.refused(\`\${method} \${path}\`, answer);
return Number(/(\\d+)$/.exec(answer.location)?.[1] ?? 0);
}
async logsIn(username, password) {
const path = '/service/token?service=harbor-registry';
const answer = await this.request('GET', path, undefined, { username, password });
if (answer.status === 200)
return true;
if (answer.status === 401)
return false;
throw this.refused(\`GET \${path}\`, answer);
}
hide(secret) {
if (secret.length > 3)
this.hidden.add(secret);
return secret;
}
fingerprint(secret) {
return (0, node_crypto_1.createHmac)('sha256', this.props.password).update(secret).digest('hex').slice(0, 12);
}
async read(path) {
for (let tried = 1;; tried++) {
try {
const answer = await this.request('GET', path);
if (answer.status === 404)
return undefined;
if (answer.status < 300)
return answer;
throw this.refused(\`GET \${path}\`, answer);
}
catch (error) {
const isAway = error instanceof ApiError && AWAY.includes(error.status);
if (!isAway || tried === TRIES)
throw error;
await new Promise((resolve) => setTimeout(resolve, (this.props.pause ?? 500) * 2 ** (tried - 1)));
}
}
}
async request(method, path, body, { username, password } = this.props) {
const base = path.startsWith('/service/') ? this.props.url : \`\${this.props.url}/api/v2.0\`;
try {
const response = await fetch(\`\${base}\${path}\`, {
method,
headers: {
accept: 'application/json',
authorization: \`Basic \${Buffer.from(\`\${username}:\${password}\`).toString('base64')}\`,
...(body === undefined ? {} : { 'content-type': 'application/json' }),
},
body: body === undefined ? undefined : JSON.stringify(body),
redirect: 'manual',
signal: AbortSignal.timeout(this.props.timeout ?? 30_000),
});
return {
status: response.status,
text: await response.text(),
location: response.headers.get('location') ?? '',
total: Number(response.headers.get('x-total-count') ?? 0),
};
}
catch (error) {
throw new ApiError(this.clean(\`\${method} \${path}: \${reasonOf(error)}\`));
}
}
parse(what, text) {
try {
return JSON.parse(text);
}
catch {
throw new ApiError(\`\${what}: the answer is not JSON, or only half of it: is this Harbor's own address?\`);
}
}
refused(what, { status, text, location }) {
const reason = status >= 300 && status < 400 ? \`is sent on to \${location}: use that address\` : messageOf(text);
return new ApiError(this.clean(\`\${what}: \${status}\${reason === '' ? '' : \` \${reason}\`}\`), status);
}
clean(text) {
return [...this.hidden].reduce((cleaned, secret) => cleaned.replaceAll(secret, '(hidden)'), text);
}
}
exports.Api = Api;
function messageOf(text) {
try {
const { errors } = JSON.parse(text);
return (errors ?? []).map(({ message = '' }) => message.trim().replaceAll('\\n', ' ')).join('; ');
}
catch {
return text.slice(0, 200).trim();
}
}
function reasonOf(thrown) {
const { name, message, cause } = Object(thrown);
return name === 'TimeoutError' ? 'no answer in time' : (cause?.message ?? message ?? String(thrown));
}
},
"compare"(exports, require) {
exports.differences = differences;
function differences(wanted, found, hidden = []) {
const before = new Map(Object.entries(found ?? {}));
return Object.entries(wanted).flatMap(([field, value]) => {
if (value === undefined || canonical(value) === canonical(before.get(field)))
return [];
const show = (one) => one === undefined ? 'nothing' : hidden.includes(field) ? '(hidden)' : text(one);
return [{ field, from: show(before.get(field)), to: show(value) }];
});
}
function canonical(value) {
return JSON.stringify(value, (_, item) => item !== null && typeof item === 'object' && !Array.isArray(item)
? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
: item);
}
const text = (value) => (typeof value === 'string' ? \`"\${value}"\` : canonical(value));
},
"exporter"(exports, require) {
exports.startExporter = startExporter;
const node_crypto_1 = require("node:crypto");
const node_http_1 = require("node:http");
const lag_js_1 = require("./lag.js");
const metrics_js_1 = require("./metrics.js");
async function startExporter(props) {
const lag = new lag_js_1.Lag();
let shown = {
up: false,
progress: [],
runs: { sums: { made: 0, changed: 0, removed: 0 } },
started: Date.now(),
};
let problem = '';
let isClosed = false;
const look = async () => {
try {
const progress = await progressOf(lag, props);
shown = { ...shown, progress, up: true };
if (problem !== '')
props.print('Harbor tells of its replications again');
problem = '';
}
catch (error) {
shown = { ...shown, up: false };
const reason = error instanceof Error ? error.message : String(error);
if (reason !== problem && !isClosed)
props.print(\`could not measure replication: \${reason}\`);
problem = reason;
}
};
const server = (0, node_http_1.createServer)(async (request, response) => {
const path = \`\${request.method} \${request.url}\`;
if (path === 'GET /metrics') {
response.setHeader('content-type', 'text/plain; version=0.0.4');
response.end((0, metrics_js_1.metricsText)(shown, Date.now()));
}
else if (path === 'GET /healthz') {
response.end('ok\\n');
}
else if (request.method === 'POST') {
const result = isKnown(request, props.password()) ? await resultOf(request) : undefined;
if (result !== undefined)
shown = { ...shown, runs: counted(shown.runs, result, Date.now()) };
response.writeHead(result === undefined ? 403 : 204).end();
}
else {
response.writeHead(404).end();
}
});
const port = await listening(server, props.port ?? 0);
let timer;
const lookAgain = async () => {
await look();
if (!isClosed)
timer = setTimeout(lookAgain, props.interval ?? 30_000);
};
void lookAgain();
return {
port,
close: () => {
isClosed = true;
clearTimeout(timer);
server.closeAllConnections();
return new Promise((resolve) => server.close(() => resolve()));
},
};
}
const listening = (server, port) => new Promise((resolve, reject) => {
server.once('error', reject).listen(port, () => {
const address = server.address();
resolve(typeof address === 'object' && address !== null ? address.port : port);
});
});
async function progressOf(lag, props) {
const api = props.api();
const policies = await api.list('/replication/policies');
const { oldest } = lag;
const isEnough = (page) => page.some(({ id }) => id < oldest);
const executions = await api.list('/replication/executions?sort=-id', isEnough);
const fresh = new Map(executions.flatMap((one) => (one.id >= oldest ? [[one.id, one]] : [])));
return lag.see(props.replications(), new Map(policies.map(({ id, name }) => [name, id])), [...fresh.values()]);
}
function isKnown({ headers: { authorization = '' } }, password) {
if (password === undefined || password === '')
return false;
const sum = (text) => (0, node_crypto_1.createHash)('sha256').update(text).digest();
return (0, node_crypto_1.timingSafeEqual)(sum(authorization), sum(\`Bearer \${password}\`));
}
const LONGEST = 1_000;
async function resultOf(request) {
try {
let text = '';
for await (const chunk of request) {
text += chunk;
if (text.length > LONGEST)
return undefined;
}
const { made, changed, removed, failed } = JSON.parse(text);
const result = { made, changed, removed, failed };
return Object.values(result).every(Number.isInteger) ? result : undefined;
}
catch {
return undefined;
}
}
const counted = ({ succeeded, sums }, result, at) => ({
last: { ...result, at },
succeeded: result.failed === 0 ? at : succeeded,
sums: {
made: sums.made + result.made,
changed: sums.changed + result.changed,
removed: sums.removed + result.removed,
},
});
},
"kinds"(exports, require) {
exports.failuresOf = void 0;
exports.applySettings = applySettings;
const accounts_js_1 = require("./accounts.js");
const api_js_1 = require("./api.js");
const preheat_js_1 = require("./preheat.js");
const project_lists_js_1 = require("./project-lists.js");
const projects_js_1 = require("./projects.js");
const reconcile_js_1 = require("./reconcile.js");
const registries_js_1 = require("./registries.js");
const rules_js_1 = require("./rules.js");
const session_js_1 = require("./session.js");
const system_js_1 = require("./system.js");
const kindsOf = (plan, session, self) => [
(0, system_js_1.configuration)(plan, session),
(0, system_js_1.systemAllowlist)(plan, session),
(0, system_js_1.schedules)(plan, session),
(0, project_lists_js_1.globalLabels)(plan, session),
(0, accounts_js_1.users)(plan, session),
(0, accounts_js_1.groups)(plan, session),
(0, registries_js_1.registries)(plan, session),
(0, projects_js_1.projects)(plan, session),
(0, projects_js_1.quotas)(plan, session),
(0, project_lists_js_1.members)(plan, session, self),
(0, project_lists_js_1.projectLabels)(plan, session),
(0, rules_js_1.immutability)(plan, session),
(0, rules_js_1.retention)(plan, session),
(0, project_lists_js_1.webhooks)(plan, session),
(0, accounts_js_1.robots)(plan, session),
(0, registries_js_1.replications)(plan, session),
(0, preheat_js_1.preheatInstances)(plan, session),
(0, preheat_js_1.preheatPolicies)(plan, session),
];
async function applySettings(plan, api, secrets, options) {
const self = await api.get('/users/current');
if (self?.sysadmin_flag !== true) {
throw new api_js_1.ApiError(\`\${self?.username ?? 'the account'} is not an administrator of this Harbor\`, 403);
}
return (0, reconcile_js_1.reconcile)(kindsOf(plan, new session_js_1.Session(api, secrets), self.username ?? ''), options);
}
const failuresOf = (changes) => changes.filter(({ result }) => result === 'failed' || result === 'skipped');
exports.failuresOf = failuresOf;
},
"lag"(exports, require) {
exports.Lag = void 0;
class Lag {
ways = new Map();
running = new Set();
ended = new Set();
newest = 0;
isFirst = true;
get oldest() {
return Math.min(this.newest + 1, ...this.running);
}
see(planned, ids, executions) {
const keys = new Map(planned.flatMap((policy) => {
const id = ids.get(policy.name);
return id === undefined ? [] : [[id, keyOf(policy)]];
}));
const there = new Set(keys.values());
for (const key of this.ways.keys())
if (!there.has(key))
this.ways.delete(key);
for (const key of there)
if (!this.ways.has(key))
this.ways.set(key, { waiting: new Map(), failures: 0 });
for (const execution of executions)
this.take(execution, this.ways.get(keys.get(execution.policy_id) ?? ''));
for (const { waiting, complete = 0 } of this.ways.values()) {
for (const [id, start] of waiting)
if (start < complete)
waiting.delete(id);
}
this.running = new Set(executions.flatMap(({ id, status }) => (status === 'InProgress' ? [id] : [])));
this.newest = Math.max(this.newest, ...executions.map(({ id }) => id));
const { oldest } = this;
const ended = executions.flatMap(({ id, status }) => (status !== 'InProgress' && id >= oldest ? [id] : []));
this.ended = new Set(ended);
this.isFirst = false;
return this.progress(planned, there);
}
take({ id, status, status_text = '', trigger, start_time }, way) {
if (way === undefined || status_text.startsWith('Execution skipped'))
return;
const start = Date.parse(start_time);
const isPush = trigger === 'event_based';
if (status === 'Succeed') {
way.waiting.delete(id);
if (!isPush)
way.complete = Math.max(way.complete ?? 0, start);
}
else if (isPush || status === 'Failed') {
way.waiting.set(id, start);
}
if (status === 'Failed' && !this.isFirst && !this.ended.has(id))
way.failures++;
}
progress(planned, there) {
return planned.flatMap((policy) => {
const way = this.ways.get(keyOf(policy));
if (policy.cron !== undefined || way === undefined || !there.has(keyOf(policy)))
return [];
const starts = [...way.waiting.values()];
return [
{
policy: policy.name,
registry: policy.registry,
waitingSince: starts.length === 0 ? undefined : starts.reduce((a, b) => Math.min(a, b)),
complete: way.complete,
scheduled: planned.some((other) => other.cron !== undefined && keyOf(other) === keyOf(policy)),
failures: way.failures,
},
];
});
}
}
exports.Lag = Lag;
const keyOf = ({ registry, repositories }) => \`\${registry} \${repositories}\`;
},
"main"(exports, require) {
exports.main = void 0;
exports.reconcileInCluster = reconcileInCluster;
exports.tellRun = tellRun;
const node_fs_1 = require("node:fs");
const node_path_1 = require("node:path");
const api_js_1 = require("./api.js");
const exporter_js_1 = require("./exporter.js");
const kinds_js_1 = require("./kinds.js");
const parts_js_1 = require("./parts.js");
const print_js_1 = require("./print.js");
const PAUSE = 2_000;
async function reconcileInCluster(place, print) {
const { plan, sha256 } = (0, parts_js_1.readSettingsFiles)(place.settings);
if (place.sha256 !== undefined && place.sha256 !== sha256) {
print('the settings in this pod are not those of this run: not all ConfigMaps are applied yet, or newer ones are');
const result = { made: 0, changed: 0, removed: 0, failed: 1 };
print((0, print_js_1.summaryLine)(result));
return result;
}
const secrets = ({ secret, key }) => readIfThere((0, node_path_1.join)(place.secrets, secret, key));
const api = new api_js_1.Api({ url: place.url, username: place.username, password: place.password });
try {
await untilUp(api, place.patience);
const report = (change) => print((0, print_js_1.changeLine)(change));
const changes = await (0, kinds_js_1.applySettings)(plan, api, secrets, { dryRun: false, report });
const result = (0, print_js_1.resultOf)(changes);
print((0, print_js_1.summaryLine)(result));
return result;
}
catch (error) {
if (!(error instanceof api_js_1.ApiError))
throw error;
print(error.message);
const result = { made: 0, changed: 0, removed: 0, failed: 1 };
print((0, print_js_1.summaryLine)(result));
return result;
}
}
async function untilUp(api, seconds) {
for (let left = seconds * 1000;; left -= PAUSE) {
try {
await api.get('/systeminfo');
return;
}
catch (error) {
if (left <= 0 || !(error instanceof api_js_1.ApiError))
throw error;
await new Promise((resolve) => setTimeout(resolve, PAUSE));
}
}
}
function readIfThere(path) {
try {
return (0, node_fs_1.readFileSync)(path, 'utf8');
}
catch {
return undefined;
}
}
async function tellRun(url, password, result) {
try {
const { status } = await fetch(url, {
method: 'POST',
headers: { authorization: \`Bearer \${password}\` },
body: JSON.stringify(result),
signal: AbortSignal.timeout(5_000),
});
return status === 204 ? undefined : \`the metrics do not take the result of this run: \${status}\`;
}
catch {
return 'the metrics of settings do not answer: the result of this run is in its log only';
}
}
async function reconcileOnce(args) {
const [url = '', settings = '', secrets = '', password = '', report, robot = ''] = args;
const lines = [];
const place = {
url,
username: 'admin',
password: readIfThere((0, node_path_1.join)(secrets, password)) ?? '',
settings,
secrets,
sha256: process.env.SETTINGS_SHA256,
patience: 300,
};
const print = (line) => {
lines.push(line);
console.log(line);
};
const result = await reconcileInCluster(place, print);
if (report !== undefined) {
const problem = await tellRun(report, readIfThere((0, node_path_1.join)(secrets, robot)) ?? '', result);
if (problem !== undefined)
console.log(problem);
}
process.exitCode = result.failed === 0 ? 0 : 1;
const failed = lines.filter((line) => line.startsWith('could not'));
const message = [...failed.slice(0, 10), lines.at(-1)].join('\\n').slice(0, 4000);
try {
(0, node_fs_1.writeFileSync)('/dev/termination-log', message);
}
catch {
}
}
async function exportMetrics(args) {
const [url = '', settings = '', secrets = '', username = '', key = '', port = '0'] = args;
const password = () => readIfThere((0, node_path_1.join)(secrets, key));
const exporter = await (0, exporter_js_1.startExporter)({
api: () => new api_js_1.Api({ url, username, password: password() ?? '' }),
replications: () => (0, parts_js_1.readSettingsFiles)(settings).plan.replications,
password,
port: Number(port),
print: console.log,
});
process.once('SIGTERM', () => void exporter.close());
}
const main = ([first = '', ...more]) => first === 'exporter' ? exportMetrics(more) : reconcileOnce([first, ...more]);
exports.main = main;
},
"managed"(exports, require) {
exports.MANAGED = void 0;
exports.MANAGED = 'Managed by harbor-fleet: changes made by hand are undone';
},
"metrics"(exports, require) {
exports.metricsText = metricsText;
function metricsText({ up, progress, runs, started }, now) {
const metric = (name, type, help, samples) => samples.length === 0
? ''
: \`# HELP \${name} \${help}\\n# TYPE \${name} \${type}\\n\${samples.map((sample) => \`\${line(name, sample)}\\n\`).join('')}\`;
const each = (value) => progress.flatMap((one) => {
const number = value(one);
return number === undefined ? [] : [[{ policy: one.policy, registry: one.registry }, number]];
});
const one = (value) => (value === undefined ? [] : [[{}, value]]);
return [
metric('harbor_fleet_replication_up', 'gauge', 'Whether Harbor tells of its replications.', one(up ? 1 : 0)),
metric('harbor_fleet_replication_lag_seconds', 'gauge', 'Age of the oldest copy that is not known to be there; 0 when all are.', each(({ waitingSince }) => (waitingSince === undefined ? 0 : Math.max(0, now - waitingSince) / 1000))),
metric('harbor_fleet_replication_complete_timestamp_seconds', 'gauge', 'Start of the last comparison of everything that succeeded; 0 before the first.', each(({ complete, scheduled }) => (complete === undefined ? (scheduled ? 0 : undefined) : complete / 1000))),
metric('harbor_fleet_replication_failures_total', 'counter', 'Executions that have failed.', each(({ failures }) => failures)),
metric('harbor_fleet_settings_run_timestamp_seconds', 'gauge', 'End of the last run that brought settings about.', one(runs.last && runs.last.at / 1000)),
metric('harbor_fleet_settings_success_timestamp_seconds', 'gauge', 'End of the last such run that failed nowhere.', one(runs.succeeded && runs.succeeded / 1000)),
metric('harbor_fleet_settings_failures', 'gauge', 'What the last run could not bring about.', one(runs.last?.failed)),
metric('harbor_fleet_settings_changes_total', 'counter', 'What runs made, changed and removed.', ['made', 'changed', 'removed'].map((action) => [{ action }, runs.sums[action]])),
metric('process_start_time_seconds', 'gauge', 'When this was started.', one(started / 1000)),
].join('');
}
function line(name, [labels, value]) {
const text = Object.entries(labels).map(([key, label]) => \`\${key}="\${label.replace(/[\\\\"]/g, '\\\\$&')}"\`);
return \`\${name}\${text.length === 0 ? '' : \`{\${text.join(',')}}\`} \${value}\`;
}
},
"part-file"(exports, require) {
exports.partFile = void 0;
const partFile = (settings, part) => part === 0 ? settings : settings.replace(/\\.json$/, \`-\${part}.json\`);
exports.partFile = partFile;
},
"parts"(exports, require) {
exports.readSettingsFiles = readSettingsFiles;
const node_crypto_1 = require("node:crypto");
const node_fs_1 = require("node:fs");
const part_file_js_1 = require("./part-file.js");
function readSettingsFiles(settings) {
const texts = [];
for (let part = 0; part === 0 || (0, node_fs_1.existsSync)((0, part_file_js_1.partFile)(settings, part)); part++)
texts.push((0, node_fs_1.readFileSync)((0, part_file_js_1.partFile)(settings, part), 'utf8'));
const [first = {}, ...more] = texts.map((text) => JSON.parse(text));
const whole = { ...first };
for (const part of more)
for (const [key, list] of Object.entries(part))
whole[key] = [...(whole[key] ?? []), ...list];
return {
plan: whole,
sha256: (0, node_crypto_1.createHash)('sha256').update(texts.join('')).digest('hex'),
};
}
},
"preheat"(exports, require) {
exports.preheatPolicies = void 0;
exports.preheatInstances = preheatInstances;
const managed_js_1 = require("./managed.js");
const project_lists_js_1 = require("./project-lists.js");
const session_js_1 = require("./session.js");
function preheatInstances(plan, session) {
const { api } = session;
const bodyOf = (name, { endpoint, vendor }) => ({
name,
endpoint,
vendor,
description: managed_js_1.MANAGED,
auth_mode: 'NONE',
enabled: true,
default: false,
insecure: true,
});
return {
kind: 'preheat instance',
wanted: new Map(plan.preheatInstances.map(({ name, endpoint }) => [
name,
{ state: { endpoint, vendor: 'kraken', enabled: true, managed: true } },
])),
async read() {
const all = await api.list('/p2p/preheat/instances');
for (const { id, name } of all)
session.preheatInstances.set(name, id);
return new Map(all.map(({ id, name, description, vendor, endpoint, enabled = false }) => {
const managed = (0, session_js_1.isOurs)(description);
return [name, { id, ours: managed, state: { endpoint, vendor, enabled, managed } }];
}));
},
async create(name, state) {
await api.send('POST', '/p2p/preheat/instances', bodyOf(name, state));
const made = await api.get(\`/p2p/preheat/instances/\${name}\`);
if (made !== undefined)
session.preheatInstances.set(name, made.id);
},
async update(name, state, { id }) {
await api.send('PUT', \`/p2p/preheat/instances/\${name}\`, { id, ...bodyOf(name, state) });
},
async remove(name) {
await api.send('DELETE', \`/p2p/preheat/instances/\${name}\`);
},
};
}
const EACH_PUSH = 'event_based';
const preheatPolicies = (plan, session) => {
const { api } = session;
const bodyOf = (project, name, state) => ({
name,
description: managed_js_1.MANAGED,
enabled: true,
project_id: (0, session_js_1.idOf)(session.projects, project),
provider_id: (0, session_js_1.idOf)(session.preheatInstances, state.instance),
filters: JSON.stringify([
{ type: 'repository', value: state.repositories },
{ type: 'tag', value: state.tags },
]),
trigger: JSON.stringify(state.trigger === EACH_PUSH
? { type: EACH_PUSH }
: { type: 'scheduled', trigger_setting: { cron: state.trigger } }),
extra_attrs: '{}',
});
return (0, project_lists_js_1.listKind)(plan, session, {
kind: 'preheat policy',
wanted: ({ preheat }) => preheat && new Map(preheat.map((policy) => [policy.name, policyState(policy)])),
needs: (_, { instance }) => [\`preheat instance \${instance}\`],
path: (project) => \`/projects/\${project}/preheat/policies\`,
found: (policy) => [policy.name, foundPolicy(policy)],
create: (project, name, state) => api.send('POST', \`/projects/\${project}/preheat/policies\`, bodyOf(project, name, state)),
update: (project, name, state, { id }) => api.send('PUT', \`/projects/\${project}/preheat/policies/\${name}\`, { id, ...bodyOf(project, name, state) }),
remove: (project, name) => api.send('DELETE', \`/projects/\${project}/preheat/policies/\${name}\`),
});
};
exports.preheatPolicies = preheatPolicies;
const policyState = ({ instance, repositories, tags, cron }) => ({
instance,
repositories,
tags,
trigger: cron ?? EACH_PUSH,
enabled: true,
managed: true,
});
function foundPolicy(policy) {
const filters = JSON.parse(policy.filters || '[]');
const trigger = JSON.parse(policy.trigger || '{}');
const patternOf = (type) => filters.find((filter) => filter.type === type)?.value ?? '**';
const known = filters.every(({ type }) => type === 'repository' || type === 'tag');
return {
id: policy.id,
ours: (0, session_js_1.isOurs)(policy.description),
state: {
instance: policy.provider_name ?? '',
repositories: known ? patternOf('repository') : JSON.stringify(filters),
tags: patternOf('tag'),
trigger: trigger.type === 'scheduled' ? (trigger.trigger_setting?.cron ?? '') : (trigger.type ?? 'manual'),
enabled: policy.enabled ?? false,
managed: (0, session_js_1.isOurs)(policy.description),
},
};
}
},
"print"(exports, require) {
exports.summaryLine = void 0;
exports.changeLine = changeLine;
exports.resultOf = resultOf;
const WORDS = {
create: ['makes', 'made', 'make'],
update: ['changes', 'changed', 'change'],
remove: ['removes', 'removed', 'remove'],
read: ['reads', 'read', 'read'],
};
function changeLine({ kind, name, action, fields, result, error }) {
const [planned, done, never] = WORDS[action];
const what = \`\${kind} \${name}\`;
if (result === 'failed' || result === 'skipped') {
return \`could not \${never} \${what}: \${error}\`;
}
const details = action === 'update' ? fields.map(({ field, from, to }) => \`\${field} \${from} → \${to}\`).join(', ') : '';
return \`\${result === 'planned' ? planned : done} \${what}\${details === '' ? '' : \`: \${details}\`}\`;
}
function resultOf(changes) {
const count = (action) => changes.filter((change) => change.action === action && change.result === 'done').length;
const failed = changes.filter(({ result }) => result === 'failed' || result === 'skipped').length;
return { made: count('create'), changed: count('update'), removed: count('remove'), failed };
}
const summaryLine = ({ made, changed, removed, failed }) => \`harbor-fleet settings result=\${failed === 0 ? 'ok' : 'failed'} made=\${made} changed=\${changed} removed=\${removed} failed=\${failed}\`;
exports.summaryLine = summaryLine;
},
"project-lists"(exports, require) {
exports.globalLabels = exports.projectLabels = exports.webhooks = exports.members = void 0;
exports.listKind = listKind;
const managed_js_1 = require("./managed.js");
const reconcile_js_1 = require("./reconcile.js");
const session_js_1 = require("./session.js");
function listKind(plan, session, list) {
const lists = plan.projects.flatMap((project) => {
const wanted = list.wanted(project);
return wanted === undefined ? [] : [{ project: project.name, wanted }];
});
const split = (name) => {
const at = name.indexOf('/');
return [name.slice(0, at), name.slice(at + 1)];
};
return {
kind: list.kind,
hidden: list.hidden,
wanted: new Map(lists.flatMap(({ project, wanted }) => [...wanted].map(([name, state]) => [
\`\${project}/\${name}\`,
{ state, needs: [\`project \${project}\`, ...(list.needs?.(name, state) ?? [])] },
]))),
async read() {
const there = lists.filter(({ project }) => session.projects.has(project));
const found = await (0, reconcile_js_1.each)(there, async ({ project }) => {
const items = await session.api.list(list.path(project));
return items.map(list.found).map(([name, item]) => [\`\${project}/\${name}\`, item]);
});
return new Map(found.flat());
},
async create(name, state) {
await list.create(...split(name), state);
},
async update(name, state, found) {
await list.update(...split(name), state, found);
},
async remove(name, found) {
await list.remove(...split(name), found);
},
};
}
const members = (plan, session, self) => {
const { api } = session;
const groupTypes = new Map(plan.groups.map(({ name, type, ldapDn }) => [name, { type, ldapDn }]));
const nameOf = ({ kind, name }) => \`\${kind} \${name}\`;
const entityOf = (member) => {
if (member.startsWith('user '))
return { member_user: { username: member.slice(5) } };
const name = member.slice(6);
const { type, ldapDn } = groupTypes.get(name) ?? {};
return { member_group: { group_name: name, group_type: type, ldap_group_dn: ldapDn } };
};
return listKind(plan, session, {
kind: 'member',
wanted: (project) => project.members && new Map(project.members.map((member) => [nameOf(member), { role: member.role }])),
needs: (member) => [member],
path: (project) => \`/projects/\${project}/members\`,
found: ({ id, entity_name: name, entity_type, role_id }) => [
nameOf({ kind: entity_type === 'g' ? 'group' : 'user', name }),
{ id, ours: !(entity_type === 'u' && name === self), state: { role: role_id } },
],
create: (project, member, { role }) => api.send('POST', \`/projects/\${project}/members\`, { role_id: role, ...entityOf(member) }),
update: (project, _, { role }, { id }) => api.send('PUT', \`/projects/\${project}/members/\${id}\`, { role_id: role }),
remove: (project, _, { id }) => api.send('DELETE', \`/projects/\${project}/members/\${id}\`),
});
};
exports.members = members;
const webhooks = (plan, session) => {
const { api } = session;
const refs = new Map(plan.projects.flatMap((project) => (project.webhooks ?? []).map(({ name, authorization }) => [\`\${project.name}/\${name}\`, authorization])));
const bodyOf = (project, name, state) => {
const ref = refs.get(\`\${project}/\${name}\`);
return {
name,
description: managed_js_1.MANAGED,
enabled: true,
event_types: state.events,
targets: [
{
type: state.type,
address: state.address,
auth_header: ref === undefined ? '' : session.secret(ref),
skip_cert_verify: state.insecure,
payload_format: state.format,
},
],
};
};
return listKind(plan, session, {
kind: 'webhook',
hidden: ['authorization'],
wanted: ({ webhooks: list }) => list &&
new Map(list.map(({ name, type, address, events, format, insecure, authorization }) => [
name,
{
type,
address,
events: [...events].sort(),
format,
insecure,
authorization: session.fingerprint(authorization) ?? '',
enabled: true,
managed: true,
},
])),
path: (project) => \`/projects/\${project}/webhook/policies\`,
found: ({ id, name, description, enabled, event_types, targets }) => {
const { type = '', address = '', auth_header = '', skip_cert_verify, payload_format } = targets?.[0] ?? {};
const state = {
type,
address,
events: [...(event_types ?? [])].sort(),
format: payload_format ?? 'Default',
insecure: skip_cert_verify ?? false,
authorization: auth_header === '' ? '' : api.fingerprint(api.hide(auth_header)),
enabled: enabled ?? false,
managed: (0, session_js_1.isOurs)(description),
};
return [name, { id, ours: state.managed, state }];
},
create: (project, name, state) => api.send('POST', \`/projects/\${project}/webhook/policies\`, bodyOf(project, name, state)),
update: (project, name, state, { id }) => api.send('PUT', \`/projects/\${project}/webhook/policies/\${id}\`, { id, ...bodyOf(project, name, state) }),
remove: (project, _, { id }) => api.send('DELETE', \`/projects/\${project}/webhook/policies/\${id}\`),
});
};
exports.webhooks = webhooks;
const foundLabel = ({ id, name, description, color = '' }) => [
name,
{ id, ours: (0, session_js_1.isOurs)(description), state: { color, managed: (0, session_js_1.isOurs)(description) } },
];
const projectLabels = (plan, session) => {
const { api } = session;
const bodyOf = (project, name, color) => ({
name,
color,
description: managed_js_1.MANAGED,
scope: 'p',
project_id: (0, session_js_1.idOf)(session.projects, project),
});
return listKind(plan, session, {
kind: 'project label',
wanted: ({ labels }) => labels && new Map(labels.map(({ name, color }) => [name, { color, managed: true }])),
path: (project) => \`/labels?scope=p&project_id=\${(0, session_js_1.idOf)(session.projects, project)}\`,
found: foundLabel,
create: (project, name, { color }) => api.send('POST', '/labels', bodyOf(project, name, color)),
update: (project, name, { color }, { id }) => api.send('PUT', \`/labels/\${id}\`, bodyOf(project, name, color)),
remove: (_, __, { id }) => api.send('DELETE', \`/labels/\${id}\`),
});
};
exports.projectLabels = projectLabels;
const globalLabels = (plan, { api }) => {
const bodyOf = (name, color) => ({ name, color, description: managed_js_1.MANAGED, scope: 'g' });
return {
kind: 'label',
wanted: new Map(plan.labels.map(({ name, color }) => [name, { state: { color, managed: true } }])),
async read() {
return new Map((await api.list('/labels?scope=g')).map(foundLabel));
},
async create(name, { color }) {
await api.send('POST', '/labels', bodyOf(name, color));
},
async update(name, { color }, { id }) {
await api.send('PUT', \`/labels/\${id}\`, bodyOf(name, color));
},
async remove(_, { id }) {
await api.send('DELETE', \`/labels/\${id}\`);
},
};
};
exports.globalLabels = globalLabels;
},
"projects"(exports, require) {
exports.projects = projects;
exports.quotas = quotas;
const api_js_1 = require("./api.js");
const session_js_1 = require("./session.js");
const system_js_1 = require("./system.js");
function projects(plan, session) {
const { api } = session;
const planned = new Map(plan.projects.map((project) => [project.name, project]));
const registryName = (id = 0) => id === 0 ? '' : ([...session.registries].find(([, known]) => known === id)?.[0] ?? \`registry \${id}\`);
const metadataOf = (name) => planned.get(name)?.metadata ?? {};
const send = async (name, id, { cveAllowlist }) => {
const cve_allowlist = cveAllowlist && { project_id: id, ...(0, system_js_1.harborAllowlist)(cveAllowlist) };
await api.send('PUT', \`/projects/\${id}\`, { metadata: metadataOf(name), cve_allowlist });
};
return {
kind: 'project',
wanted: new Map(plan.projects.map((project) => [
project.name,
{
state: wantedState(project),
needs: project.proxyOf === undefined ? [] : [\`registry \${project.proxyOf}\`],
},
])),
async read() {
const found = new Map();
for (const project of await api.list('/projects')) {
const { name, project_id: id, metadata = {} } = project;
session.projects.set(name, id);
if (metadata.retention_id !== undefined)
session.retentions.set(name, Number(metadata.retention_id));
const keys = Object.keys(metadataOf(name));
found.set(name, {
id,
ours: false,
state: {
...Object.fromEntries(keys.map((key) => [key, metadata[key] ?? DEFAULTS[key] ?? ''])),
proxyOf: registryName(project.registry_id),
cveAllowlist: (0, system_js_1.foundAllowlist)(project.cve_allowlist),
},
});
}
return found;
},
async create(name, state) {
const { proxyOf } = state;
const metadata = metadataOf(name);
const registry_id = proxyOf === '' ? undefined : (0, session_js_1.idOf)(session.registries, proxyOf);
const quota = planned.get(name)?.quota;
const id = await api.send('POST', '/projects', {
project_name: name,
metadata,
registry_id,
storage_limit: quota,
});
session.projects.set(name, id);
if (state.cveAllowlist !== undefined)
await send(name, id, state);
},
async update(name, state, { id }, fields) {
if (fields.some(({ field }) => field === 'proxyOf')) {
throw new api_js_1.ApiError('is a proxy cache, or is none, from its creation on: delete the project in Harbor, or choose another name');
}
await send(name, id, state);
},
};
}
const wantedState = ({ metadata, proxyOf, cveAllowlist }) => ({
...metadata,
proxyOf: proxyOf ?? '',
cveAllowlist: cveAllowlist && (0, system_js_1.allowlistState)(cveAllowlist),
});
const DEFAULTS = {
public: 'false',
auto_scan: 'false',
auto_sbom_generation: 'false',
prevent_vul: 'false',
enable_content_trust: 'false',
enable_content_trust_cosign: 'false',
reuse_sys_cve_allowlist: 'true',
severity: 'low',
};
function quotas(plan, { api, projects: there }) {
const wanted = plan.projects.flatMap(({ name, quota }) => quota === undefined ? [] : [[name, { state: { bytes: quota }, needs: [\`project \${name}\`] }]]);
return {
kind: 'quota',
wanted: new Map(wanted),
async read() {
if (wanted.length === 0)
return new Map();
const all = await api.list('/quotas?reference=project');
const later = wanted
.filter(([name]) => !there.has(name))
.map(([name, { state }]) => [name, state.bytes]);
const found = (id, bytes) => ({ id, ours: false, state: { bytes } });
return new Map([
...all.map(({ id, hard, ref }) => [ref.name ?? '', found(id, hard.storage)]),
...later.map(([name, bytes]) => [name, found(0, bytes)]),
]);
},
async update(_, { bytes }, { id }) {
await api.send('PUT', \`/quotas/\${id}\`, { hard: { storage: bytes } });
},
};
}
},
"reconcile"(exports, require) {
exports.MissingSecret = void 0;
exports.each = each;
exports.reconcile = reconcile;
const api_js_1 = require("./api.js");
const compare_js_1 = require("./compare.js");
const WORKERS = 6;
async function each(items, task) {
const all = [...items];
const results = new Array(all.length);
let next = 0;
const worker = async () => {
for (let i = next++; i < all.length; i = next++)
results[i] = await task(all[i]);
};
await Promise.all(Array.from({ length: Math.min(WORKERS, all.length) }, worker));
return results;
}
async function reconcile(kinds, options) {
const run = new Run(options);
for (const kind of kinds)
await run.bring(kind);
for (const kind of [...kinds].reverse())
await run.clear(kind);
return run.changes;
}
class Run {
options;
changes = [];
failed = new Set();
leftovers = new Map();
constructor(options) {
this.options = options;
}
async bring(kind) {
const found = await this.read(kind);
if (found === undefined)
return;
this.leftovers.set(kind.kind, [...found].filter(([name, { ours }]) => ours && !kind.wanted.has(name)));
const changes = await each(kind.wanted, async ([name, wanted]) => {
const before = found.get(name);
const fields = (0, compare_js_1.differences)(wanted.state, before?.state, kind.hidden);
if (before !== undefined && fields.length === 0)
return [];
const action = before === undefined && kind.create !== undefined ? 'create' : 'update';
const outcome = await this.attempt(wanted.needs ?? [], async () => {
if (before !== undefined)
await kind.update(name, wanted.state, before, fields);
else if (kind.create !== undefined)
await kind.create(name, wanted.state);
else
throw new api_js_1.ApiError('is not there, and nothing but Harbor itself makes it');
});
return [this.report({ kind: kind.kind, name, action, fields, ...outcome })];
});
this.changes.push(...changes.flat());
}
async clear(kind) {
if (kind.remove === undefined)
return;
const changes = await each(this.leftovers.get(kind.kind) ?? [], async ([name, found]) => {
const outcome = await this.attempt([], async () => kind.remove?.(name, found));
return this.report({ kind: kind.kind, name, action: 'remove', fields: [], ...outcome });
});
this.changes.push(...changes);
}
async read(kind) {
try {
return await kind.read();
}
catch (error) {
for (const name of kind.wanted.keys())
this.failed.add(\`\${kind.kind} \${name}\`);
const failure = { kind: kind.kind, name: 'all', action: 'read', fields: [], result: 'failed' };
this.changes.push(this.report({ ...failure, error: reasonOf(error) }));
return undefined;
}
}
async attempt(needs, task) {
const missing = needs.filter((need) => this.failed.has(need));
if (missing.length > 0)
return { result: 'skipped', error: \`not tried, because \${missing.join(' and ')} failed\` };
if (this.options.dryRun)
return { result: 'planned' };
try {
await task();
return { result: 'done' };
}
catch (error) {
return { result: 'failed', error: reasonOf(error) };
}
}
report(change) {
if (change.result === 'failed' || change.result === 'skipped')
this.failed.add(\`\${change.kind} \${change.name}\`);
this.options.report?.(change);
return change;
}
}
function reasonOf(error) {
if (error instanceof api_js_1.ApiError || error instanceof MissingSecret)
return error.message;
throw error;
}
class MissingSecret extends Error {
}
exports.MissingSecret = MissingSecret;
},
"registries"(exports, require) {
exports.foundRegistry = void 0;
exports.registries = registries;
exports.replications = replications;
exports.foundReplication = foundReplication;
const api_js_1 = require("./api.js");
const managed_js_1 = require("./managed.js");
const session_js_1 = require("./session.js");
function registries(plan, session) {
const { api } = session;
const planned = new Map(plan.registries.map((registry) => [registry.name, registry]));
const credentialOf = ({ username, password, }) => username === undefined
? undefined
: { access_key: username, access_secret: password === undefined ? '' : session.secret(password) };
const signOf = ({ password }) => session.fingerprint(password);
return {
kind: 'registry',
hidden: ['password'],
wanted: new Map(plan.registries.map((registry) => [
registry.name,
{
state: {
type: registry.type,
url: registry.url,
insecure: registry.insecure,
ca: registry.ca?.trim() ?? '',
username: registry.username ?? '',
password: signOf(registry) ?? '',
managed: true,
},
},
])),
async read() {
const all = await api.list('/registries');
for (const { id, name } of all)
session.registries.set(name, id);
return new Map(all.map((registry) => [registry.name, (0, exports.foundRegistry)(registry)]));
},
async create(name, { type, url, insecure, ca }) {
const registry = planned.get(name);
if (registry === undefined)
return;
const credential = credentialOf(registry);
const body = {
name,
type,
url,
insecure,
description: (0, session_js_1.marked)(signOf(registry)),
ca_certificate: ca === '' ? undefined : ca,
credential: credential && { type: 'basic', ...credential },
};
session.registries.set(name, await api.send('POST', '/registries', body).catch(explain(url)));
},
async update(name, { url, insecure, ca }, { id }, fields) {
const registry = planned.get(name);
if (registry === undefined)
return;
if (fields.some(({ field }) => field === 'type')) {
throw new api_js_1.ApiError('is of another type, which Harbor never changes: choose another name, or delete it in Harbor');
}
await api.send('PUT', \`/registries/\${id}\`, {
name,
url,
insecure,
description: (0, session_js_1.marked)(signOf(registry)),
ca_certificate: ca,
credential_type: 'basic',
...(credentialOf(registry) ?? { access_key: '', access_secret: '' }),
});
},
async remove(name, { id }) {
await api.send('DELETE', \`/registries/\${id}\`);
session.registries.delete(name);
},
};
}
const explain = (url) => (error) => {
if (!(error instanceof api_js_1.ApiError))
throw error;
throw new api_js_1.ApiError(\`\${error.message}; does \${url} answer this Harbor, with a certificate it trusts?\`, error.status);
};
const foundRegistry = (registry) => ({
id: registry.id,
ours: (0, session_js_1.isOurs)(registry.description),
state: {
type: registry.type,
url: registry.url,
insecure: registry.insecure ?? false,
ca: registry.ca_certificate?.trim() ?? '',
username: registry.credential?.access_key ?? '',
password: (0, session_js_1.signIn)(registry.description) ?? '',
managed: (0, session_js_1.isOurs)(registry.description),
},
});
exports.foundRegistry = foundRegistry;
const EACH_PUSH = 'event_based';
function replications(plan, session) {
const { api } = session;
const bodyOf = (name, state) => ({
name,
description: managed_js_1.MANAGED,
enabled: true,
override: state.overwrites,
dest_registry: { id: (0, session_js_1.idOf)(session.registries, state.registry) },
dest_namespace: state.destinationNamespace,
dest_namespace_replace_count: state.replaceCount,
filters: [{ type: 'name', value: state.repositories }],
trigger: state.trigger === EACH_PUSH
? { type: EACH_PUSH }
: { type: 'scheduled', trigger_settings: { cron: state.trigger } },
deletion: state.deletion,
replicate_deletion: state.deletion,
speed: state.speed === 0 ? -1 : state.speed,
single_active_replication: state.oneAtATime,
});
return {
kind: 'replication',
wanted: new Map(plan.replications.map((replication) => [
replication.name,
{ state: replicationState(replication), needs: [\`registry \${replication.registry}\`] },
])),
async read() {
const all = await api.list('/replication/policies');
return new Map(all.map((policy) => [policy.name, foundReplication(policy)]));
},
async create(name, state) {
await api.send('POST', '/replication/policies', bodyOf(name, state));
},
async update(name, state, { id }) {
await api.send('PUT', \`/replication/policies/\${id}\`, { id, ...bodyOf(name, state) });
},
async remove(_, { id }) {
await api.send('DELETE', \`/replication/policies/\${id}\`);
},
};
}
const replicationState = ({ name: _, cron, ...plan }) => ({
...plan,
trigger: cron ?? EACH_PUSH,
enabled: true,
oneAtATime: cron !== undefined,
managed: true,
});
function foundReplication(policy) {
const filters = policy.filters ?? [];
const [only] = filters;
const isPlain = filters.length === 1 && only?.type === 'name';
const { trigger } = policy;
return {
id: policy.id,
ours: (0, session_js_1.isOurs)(policy.description),
state: {
registry: (policy.dest_registry?.id ?? 0) === 0
? \`from \${policy.src_registry?.name}\`
: (policy.dest_registry?.name ?? ''),
repositories: isPlain ? String(only.value) : JSON.stringify(filters),
trigger: trigger?.type === 'scheduled' ? (trigger.trigger_settings?.cron ?? '') : (trigger?.type ?? 'manual'),
destinationNamespace: policy.dest_namespace ?? '',
replaceCount: policy.dest_namespace_replace_count ?? 0,
deletion: policy.deletion ?? policy.replicate_deletion ?? false,
speed: Math.max(0, policy.speed ?? 0),
enabled: policy.enabled ?? false,
overwrites: policy.override ?? false,
oneAtATime: policy.single_active_replication ?? false,
managed: (0, session_js_1.isOurs)(policy.description),
},
};
}
},
"rules"(exports, require) {
exports.foundRetention = exports.immutability = void 0;
exports.retention = retention;
const project_lists_js_1 = require("./project-lists.js");
const reconcile_js_1 = require("./reconcile.js");
const session_js_1 = require("./session.js");
const selectors = (rule, extras) => ({
tag_selectors: [
{ kind: 'doublestar', decoration: rule.tagsExcluded ? 'excludes' : 'matches', pattern: rule.tags, extras },
],
scope_selectors: {
repository: [
{
kind: 'doublestar',
decoration: rule.repositoriesExcluded ? 'repoExcludes' : 'repoMatches',
pattern: rule.repositories,
},
],
},
});
const foundSelection = ({ tag_selectors, scope_selectors }) => {
const tags = tag_selectors?.[0];
const repositories = scope_selectors?.repository?.[0];
return {
repositories: repositories?.pattern ?? '',
tags: tags?.pattern ?? '',
repositoriesExcluded: repositories?.decoration === 'repoExcludes',
tagsExcluded: tags?.decoration === 'excludes',
};
};
const textOf = (rule) => \`\${rule.repositoriesExcluded ? 'all but ' : ''}\${rule.repositories}:\${rule.tagsExcluded ? 'all but ' : ''}\${rule.tags}\`;
const immutability = (plan, session) => {
const { api } = session;
const rules = new Map(plan.projects.flatMap((project) => (project.immutability ?? []).map((rule) => [textOf(rule), rule])));
const bodyOf = (name) => {
const rule = rules.get(name);
return {
action: 'immutable',
template: 'immutable_template',
disabled: false,
...(rule === undefined ? {} : selectors(rule)),
};
};
return (0, project_lists_js_1.listKind)(plan, session, {
kind: 'immutability rule',
wanted: (project) => project.immutability && new Map(project.immutability.map((rule) => [textOf(rule), { enabled: true }])),
path: (project) => \`/projects/\${project}/immutabletagrules\`,
found: (rule) => [
textOf(foundSelection(rule)),
{ id: rule.id ?? 0, ours: true, state: { enabled: rule.disabled !== true } },
],
create: (project, name) => api.send('POST', \`/projects/\${project}/immutabletagrules\`, bodyOf(name)),
update: (project, name, _, { id }) => api.send('PUT', \`/projects/\${project}/immutabletagrules/\${id}\`, { id, ...bodyOf(name) }),
remove: (project, _, { id }) => api.send('DELETE', \`/projects/\${project}/immutabletagrules/\${id}\`),
});
};
exports.immutability = immutability;
function retention(plan, session) {
const { api } = session;
const planned = new Map(plan.projects.flatMap(({ name, retention: policy }) => (policy === undefined ? [] : [[name, policy]])));
const bodyOf = (name) => ({
algorithm: 'or',
scope: { level: 'project', ref: (0, session_js_1.idOf)(session.projects, name) },
trigger: { kind: 'Schedule', settings: { cron: planned.get(name)?.cron ?? '' } },
rules: (planned.get(name)?.rules ?? []).map(harborRule),
});
return {
kind: 'retention',
wanted: new Map([...planned].map(([name, { cron, rules }]) => [
name,
{ state: { cron, rules: rules.map((rule) => ruleText(harborRule(rule))).sort() }, needs: [\`project \${name}\`] },
])),
async read() {
const there = [...planned.keys()].flatMap((name) => {
const id = session.retentions.get(name);
return id === undefined ? [] : [{ name, id }];
});
const found = await (0, reconcile_js_1.each)(there, async ({ name, id }) => {
const policy = await api.get(\`/retentions/\${id}\`);
return policy === undefined ? [] : [[name, { id, ours: false, state: (0, exports.foundRetention)(policy) }]];
});
return new Map(found.flat());
},
async create(name) {
await api.send('POST', '/retentions', bodyOf(name));
},
async update(name, _, { id }) {
await api.send('PUT', \`/retentions/\${id}\`, { id, ...bodyOf(name) });
},
};
}
const harborRule = (rule) => ({
action: 'retain',
template: rule.template,
params: rule.count === undefined ? {} : { [rule.template]: rule.count },
...selectors(rule, JSON.stringify({ untagged: rule.untagged })),
});
const foundRetention = ({ trigger, rules = [] }) => ({
cron: trigger?.settings?.cron ?? '',
rules: rules.map(ruleText).sort(),
});
exports.foundRetention = foundRetention;
function ruleText(rule) {
const extras = rule.tag_selectors?.[0]?.extras ?? '';
const untagged = /"untagged"\\s*:\\s*true/.test(extras) ? ' and what has no tag' : '';
const count = Object.values(rule.params ?? {})[0];
const selected = textOf(foundSelection(rule));
return \`\${rule.disabled === true ? '(off) ' : ''}\${rule.template}\${count === undefined ? '' : \` \${count}\`} of \${selected}\${untagged}\`;
}
},
"session"(exports, require) {
exports.marked = exports.signIn = exports.isOurs = exports.Session = void 0;
exports.idOf = idOf;
const managed_js_1 = require("./managed.js");
const reconcile_js_1 = require("./reconcile.js");
class Session {
api;
secrets;
registries = new Map();
projects = new Map();
retentions = new Map();
preheatInstances = new Map();
robotPrefix = '';
constructor(api, secrets) {
this.api = api;
this.secrets = secrets;
}
secret(ref) {
const value = this.secrets(ref);
if (value === undefined || value === '') {
throw new reconcile_js_1.MissingSecret(\`the key \${ref.key} of Secret \${ref.namespace}/\${ref.secret} is missing: make it with harbor-fleet secrets\`);
}
return this.api.hide(value);
}
fingerprint(ref) {
if (ref === undefined)
return undefined;
const value = this.secrets(ref);
return value === undefined || value === '' ? 'missing' : this.api.fingerprint(this.api.hide(value));
}
}
exports.Session = Session;
function idOf(ids, name) {
const id = ids.get(name);
if (id === undefined)
throw new Error(\`nothing called \${name} was read or made before\`);
return id;
}
const isOurs = (description) => description?.startsWith(managed_js_1.MANAGED) ?? false;
exports.isOurs = isOurs;
const signIn = (description) => /\\[([0-9a-f]{12})\\]$/.exec(description ?? '')?.[1];
exports.signIn = signIn;
const marked = (sign) => (sign === undefined ? managed_js_1.MANAGED : \`\${managed_js_1.MANAGED} [\${sign}]\`);
exports.marked = marked;
},
"system"(exports, require) {
exports.harborAllowlist = exports.foundAllowlist = exports.allowlistState = exports.SIGNS_LABEL = void 0;
exports.configuration = configuration;
exports.systemAllowlist = systemAllowlist;
exports.schedules = schedules;
const api_js_1 = require("./api.js");
const reconcile_js_1 = require("./reconcile.js");
const GROUPS = [
['authentication', /^(auth_mode|primary_auth_mode|self_registration|ldap_|oidc_|uaa_|http_authproxy_)/],
['audit log', /audit/],
['general', /^/],
];
const groupOf = (key) => GROUPS.find(([, pattern]) => pattern.test(key))?.[0] ?? '';
exports.SIGNS_LABEL = 'harbor-fleet-settings';
function configuration(plan, session) {
const { api } = session;
const secretKeys = Object.keys(plan.configurationSecrets);
const signs = Object.fromEntries(Object.entries(plan.configurationSecrets).map(([key, ref]) => [key, session.fingerprint(ref)]));
const all = Object.entries({ ...plan.configuration, ...signs });
const groups = [...new Set(all.map(([key]) => groupOf(key)))];
const entriesOf = (name) => all.filter(([key]) => groupOf(key) === name);
let label;
let locked = [];
return {
kind: 'system settings',
hidden: secretKeys,
wanted: new Map(groups.map((name) => [name, { state: Object.fromEntries(entriesOf(name)) }])),
async read() {
const current = (await api.get('/configurations')) ?? {};
session.robotPrefix = String(current.robot_name_prefix?.value ?? '');
locked = Object.entries(current).flatMap(([key, { editable }]) => (editable === false ? [key] : []));
if (secretKeys.length > 0) {
const labels = await api.list('/labels?scope=g');
label = labels.find(({ name }) => name === exports.SIGNS_LABEL);
}
const kept = new Map((label?.description ?? '').split(' ').map((sign) => [sign.split('=')[0], sign.split('=')[1]]));
const found = (key) => (secretKeys.includes(key) ? kept.get(key) : current[key]?.value);
return new Map(groups.map((name) => [
name,
{ id: 0, ours: false, state: Object.fromEntries(entriesOf(name).map(([key]) => [key, found(key)])) },
]));
},
async update(_, state, __, fields) {
const unchangeable = fields.filter(({ field }) => locked.includes(field)).map(({ field }) => field);
if (unchangeable.length > 0) {
throw new api_js_1.ApiError(\`\${unchangeable.join(', ')}: set by CONFIG_OVERWRITE_JSON of core, which locks it\`);
}
const secrets = Object.entries(plan.configurationSecrets).filter(([key]) => key in state);
const values = Object.fromEntries(secrets.map(([key, ref]) => [key, session.secret(ref)]));
await api.send('PUT', '/configurations', { ...state, ...values });
if ('robot_name_prefix' in state)
session.robotPrefix = String(state.robot_name_prefix);
if (secrets.length > 0) {
const description = secrets.map(([key]) => \`\${key}=\${signs[key]}\`).join(' ');
const body = { name: exports.SIGNS_LABEL, color: '#808080', scope: 'g', description };
if (label === undefined)
await api.send('POST', '/labels', body);
else
await api.send('PUT', \`/labels/\${label.id}\`, body);
}
},
};
}
const allowlistState = ({ cves, expiresAt }) => ({
cves: [...cves].sort(),
expiresAt: expiresAt ?? 0,
});
exports.allowlistState = allowlistState;
const foundAllowlist = (list) => (0, exports.allowlistState)({ cves: (list?.items ?? []).map(({ cve_id }) => cve_id), expiresAt: list?.expires_at ?? 0 });
exports.foundAllowlist = foundAllowlist;
const harborAllowlist = ({ cves, expiresAt }) => ({
items: cves.map((cve_id) => ({ cve_id })),
expires_at: expiresAt === undefined || expiresAt === 0 ? null : expiresAt,
});
exports.harborAllowlist = harborAllowlist;
function systemAllowlist({ cveAllowlist }, { api }) {
return {
kind: 'CVE allowlist',
wanted: new Map(cveAllowlist === undefined ? [] : [['system', { state: (0, exports.allowlistState)(cveAllowlist) }]]),
async read() {
if (cveAllowlist === undefined)
return new Map();
const state = (0, exports.foundAllowlist)(await api.get('/system/CVEAllowlist'));
return new Map([['system', { id: 0, ours: false, state }]]);
},
async update(_, state) {
await api.send('PUT', '/system/CVEAllowlist', (0, exports.harborAllowlist)(state));
},
};
}
function schedules(plan, { api }) {
const wanted = Object.entries(plan.schedules).map(([name, { cron, parameters }]) => [
name,
{ state: { cron, parameters: cron === '' || name === 'scanAll' ? undefined : parameters } },
]);
const send = async (name, { cron, parameters }) => {
const schedule = cron === '' ? { type: 'None' } : { type: 'Custom', cron };
await api.send('PUT', \`/system/\${name}/schedule\`, { schedule, parameters });
};
return {
kind: 'schedule',
wanted: new Map(wanted),
async read() {
const found = await (0, reconcile_js_1.each)(wanted, async ([name]) => {
const current = await readSchedule(\`/system/\${name}/schedule\`, (path) => api.get(path));
const parameters = parametersOf(current?.job_parameters);
return [name, { id: 0, ours: false, state: { cron: current?.schedule?.cron ?? '', parameters } }];
});
return new Map(found);
},
update: send,
};
}
async function readSchedule(path, get) {
try {
return await get(path);
}
catch (error) {
if (error instanceof api_js_1.ApiError && error.status === 412)
return undefined;
throw error;
}
}
function parametersOf(text) {
if (text === undefined || text === '')
return {};
const { redis_url_reg: _, time_window: __, ...parameters } = JSON.parse(text);
return parameters;
}
},
};
const loaded = {};
const load = (path) => {
  if (path.startsWith('node:')) return require(path);
  const name = path.replace(/^\\.\\/|\\.js$/g, '');
  if (loaded[name] === undefined) modules[name]((loaded[name] = {}), load);
  return loaded[name];
};
load('./main.js').main(process.argv.slice(2));
`;
