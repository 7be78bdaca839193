// The official Node client, unmodified, against the server that the file in DEV_JSON describes.
import EasyPostClient from '@easypost/api';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Webhook as StandardWebhook } from 'standardwebhooks';

const dev = JSON.parse(readFileSync(process.env.DEV_JSON, 'utf8'));
const clientOf = (key) => new EasyPostClient(key, { baseUrl: `${dev.https}/v2/` });
const client = clientOf(dev.production_key);
const unknownUser = `user_${'0'.repeat(32)}`;

// The client exports no error classes and ships them without names: it is checked that each status
// has one of its own.
const classes = new Map();

const refused = (call, statusCode, code) =>
  assert.rejects(call, (error) => {
    assert.equal(error.statusCode, statusCode);
    assert.equal(error.code, code);
    assert.ok(error.message.length > 0);
    assert.equal(error.constructor, classes.get(statusCode) ?? error.constructor);
    classes.set(statusCode, error.constructor);
    return true;
  });

describe('users', () => {
  it('retrieveMe shows the account', async () => {
    const me = await client.User.retrieveMe();
    assert.equal(me.id, dev.user_id);
    assert.equal(me.object, 'User');
    assert.equal(me.email, dev.email);
    assert.equal(me.parent_id, null);
  });

  it('create, retrieve, update and delete a child', async () => {
    const created = await client.User.create({ name: 'Child of Node' });
    assert.match(created.id, /^user_[0-9a-f]{32}$/);
    assert.equal(created.parent_id, dev.user_id);
    assert.deepEqual(created.api_keys.map((key) => key.mode), ['test', 'production']);

    const updated = await client.User.update(created.id, {
      name: 'Renamed',
      recharge_threshold: '50.00',
    });
    assert.equal(updated.name, 'Renamed');
    assert.equal(updated.recharge_threshold, '50.00');
    assert.equal((await client.User.retrieve(created.id)).name, 'Renamed');

    assert.equal(await client.User.delete(created.id), undefined);
    await refused(() => client.User.retrieve(created.id), 404, 'NOT_FOUND');
  });

  it('allChildren and getNextPage reach the end', async () => {
    const created = [];
    for (let i = 0; i < 7; i += 1) {
      created.push((await client.User.create({ name: `Page ${i}` })).id);
    }
    let page = await client.User.allChildren({ page_size: 2 });
    const walked = page.children.map((child) => child.id);
    while (page.has_more) {
      page = await client.User.getNextPage(page, 2);
      assert.ok(page.children.length <= 2);
      walked.push(...page.children.map((child) => child.id));
    }
    assert.equal(new Set(walked).size, walked.length);
    assert.deepEqual(walked.filter((id) => created.includes(id)), created);
    await assert.rejects(
      () => client.User.getNextPage(page, 2),
      { message: 'There are no more pages to retrieve.' },
    );
  });

  it('updateBrand changes the look', async () => {
    const brand = await client.User.updateBrand(dev.user_id, {
      color: '#123456',
      theme: 'theme2',
    });
    assert.match(brand.id, /^brd_/);
    assert.equal(brand.color, '#123456');
    assert.equal(brand.theme, 'theme2');
    assert.equal(brand.user_id, dev.user_id);
  });

  it('a child uses its own keys', async () => {
    const child = await client.User.create({ name: 'Independent' });
    const asChild = clientOf(child.api_keys[1].key);
    assert.equal((await asChild.User.retrieveMe()).id, child.id);
    assert.equal((await asChild.User.update(child.id, { name: 'Own name' })).name, 'Own name');
  });
});

describe('API keys', () => {
  it('all shows the keys of the account and of its children', async () => {
    const child = await client.User.create({ name: 'With keys' });
    const all = await client.ApiKey.all();
    assert.equal(all.id, dev.user_id);
    const texts = all.keys.map((key) => key.key);
    assert.ok(texts.includes(dev.test_key) && texts.includes(dev.production_key));
    const listed = all.children.find((one) => one.id === child.id);
    assert.deepEqual(
      listed.keys.map((key) => key.key),
      child.api_keys.map((key) => key.key),
    );
  });

  it('retrieveApiKeysForUser finds the keys of the account', async () => {
    const keys = await client.ApiKey.retrieveApiKeysForUser(dev.user_id);
    assert.ok(keys.some((key) => key.key === dev.production_key));
    await assert.rejects(
      () => client.ApiKey.retrieveApiKeysForUser(unknownUser),
      { message: 'No child found.' },
    );
  });

  it('create, disable, enable and delete take effect at once', async () => {
    const key = await client.ApiKey.create('production');
    assert.match(key.key, /^EZAK/);
    const withKey = clientOf(key.key);
    assert.equal((await withKey.User.retrieveMe()).id, dev.user_id);

    assert.equal((await client.ApiKey.disable(key.id)).active, false);
    await refused(() => withKey.User.retrieveMe(), 403, 'APIKEY.INACTIVE');

    assert.equal((await client.ApiKey.enable(key.id)).active, true);
    assert.equal((await withKey.User.retrieveMe()).id, dev.user_id);

    await client.ApiKey.delete(key.id);
    await refused(() => withKey.User.retrieveMe(), 403, 'APIKEY.INACTIVE');
    assert.match((await client.ApiKey.create('test')).key, /^EZTK/);
  });
});

describe('webhooks and events', () => {
  const asTest = clientOf(dev.test_key);
  const inject = async () => {
    const answer = await fetch(`${dev.http}/v2/events`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${dev.test_key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        event: { description: 'tracker.updated', result: { id: 'trk_1', weight: 614 } },
      }),
    });
    assert.equal(answer.status, 201);
    return (await answer.json()).id;
  };

  it('create, retrieve, all, update and delete a webhook', async () => {
    const created = await asTest.Webhook.create({
      url: 'https://example.com/hook',
      webhook_secret: 'sécret',
      custom_headers: [{ name: 'test', value: 'header' }],
    });
    assert.match(created.id, /^hook_/);
    assert.equal((await asTest.Webhook.retrieve(created.id)).url, created.url);
    const all = await asTest.Webhook.all();
    assert.ok(all.webhooks.some((webhook) => webhook.id === created.id));
    const updated = await asTest.Webhook.update(created.id, { webhook_secret: 'other' });
    assert.equal(updated.id, created.id);
    await asTest.Webhook.delete(created.id);
    await refused(() => asTest.Webhook.retrieve(created.id), 404, 'NOT_FOUND');
    await refused(
      () => asTest.Webhook.create({ webhook_secret: '123' }),
      422,
      'WEBHOOK.INVALID_PARAMS',
    );
  });

  it('a real delivery is valid to the client and to Standard Webhooks', async () => {
    let take;
    const taken = new Promise((resolve) => {
      take = resolve;
    });
    const receiver = createServer((request, response) => {
      const parts = [];
      request.on('data', (part) => parts.push(part));
      request.on('end', () => {
        response.end('ok');
        take({ headers: request.headers, body: Buffer.concat(parts) });
      });
    });
    await new Promise((resolve) => {
      receiver.listen(0, '127.0.0.1', resolve);
    });
    try {
      const webhook = await asTest.Webhook.create({
        url: `http://127.0.0.1:${receiver.address().port}/hook`,
        webhook_secret: 'sécret',
      });
      const id = await inject();
      const { headers, body } = await taken;
      const valid = asTest.Utils.validateWebhook(body, headers, 'sécret');
      assert.equal(valid.description, 'tracker.updated');
      assert.throws(() => asTest.Utils.validateWebhook(body, headers, 'other'));
      const key = Buffer.from('sécret'.normalize('NFKD'), 'utf8').toString('base64');
      assert.equal(new StandardWebhook(key).verify(body.toString('utf8'), headers).id, id);
      assert.equal(headers['webhook-id'], id);

      const until = Date.now() + 20_000;
      let payloads = [];
      while (payloads.length === 0 && Date.now() < until) {
        payloads = await asTest.Event.retrieveAllPayloads(id).then((all) => all.payloads ?? all);
        await setTimeout(20);
      }
      const one = await asTest.Event.retrievePayload(id, payloads[0].id);
      assert.equal(one.response_body, 'ok');
      assert.equal((await asTest.Event.retrieve(id)).description, 'tracker.updated');
      await asTest.Webhook.delete(webhook.id);
    } finally {
      receiver.close();
    }
  });

  it('events are walked to the end', async () => {
    const made = [await inject(), await inject(), await inject()];
    let page = await asTest.Event.all({ page_size: 2 });
    const walked = page.events.map((event) => event.id);
    while (page.has_more) {
      page = await asTest.Event.getNextPage(page, 2);
      walked.push(...page.events.map((event) => event.id));
    }
    assert.deepEqual(walked.slice(0, 3), made.reverse());
    assert.equal(new Set(walked).size, walked.length);
  });
});

describe('errors', () => {
  it('400 for a body that is too deep', async () => {
    let deep = {};
    for (let i = 0; i < 70; i += 1) {
      deep = { deeper: deep };
    }
    await refused(() => client.User.create(deep), 400, 'BAD_REQUEST');
  });

  it('401 without a key', async () => {
    await refused(() => clientOf(' ').User.retrieveMe(), 401, 'UNAUTHORIZED');
  });

  it('413 for a body that is too large', async () => {
    const name = 'x'.repeat(2_000_000);
    await refused(() => client.User.create({ name }), 413, 'PAYLOAD_TOO_LARGE');
  });

  it('503 while PostgreSQL is away', async () => {
    const pidFile = join(dirname(process.env.DEV_JSON), 'postgres', 'postmaster.pid');
    process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGKILL');
    const until = async (wanted) => {
      for (let i = 0; i < 1000; i += 1) {
        const error = await client.User.retrieveMe().then(() => null, (refusal) => refusal);
        if (wanted(error)) {
          return error;
        }
        await setTimeout(10);
      }
      return assert.fail('it did not come to that');
    };
    const error = await until((outcome) => outcome !== null);
    await refused(() => Promise.reject(error), 503, 'SERVICE_UNAVAILABLE');
    await until((outcome) => outcome === null);
  });

  it('403 for an unknown key, a test key and a child', async () => {
    const unknown = clientOf('EZAKunknown');
    await refused(() => unknown.User.retrieveMe(), 403, 'APIKEY.INACTIVE');
    const test = clientOf(dev.test_key);
    await refused(() => test.User.retrieveMe(), 403, 'MODE.UNAUTHORIZED');
    const child = await client.User.create({ name: 'Not a parent' });
    const asChild = clientOf(child.api_keys[1].key);
    await refused(() => asChild.User.create({}), 403, 'USER.UNAUTHORIZED');
  });

  it('404 for what is unknown', async () => {
    await refused(() => client.User.retrieve(unknownUser), 404, 'NOT_FOUND');
    await refused(() => client.ApiKey.delete('ak_unknown'), 404, 'NOT_FOUND');
  });

  it('422 for values that cannot be', async () => {
    const call = () => client.User.create({ email: 'no address' });
    await refused(call, 422, 'PARAMETER.INVALID');
    await refused(
      () => client.User.allChildren({ page_size: 0 }),
      422,
      'PARAMETER.INVALID_TYPE',
    );
  });

  it('429 after five wrong passwords', async () => {
    const guess = () =>
      client.User.update(dev.user_id, {
        email: 'new@example.com',
        current_password: 'wrong password',
      });
    for (let i = 0; i < 5; i += 1) {
      await refused(guess, 422, 'USER.INVALID');
    }
    await refused(guess, 429, 'RATE_LIMITED');
  });

  it('each status has a class of its own', () => {
    assert.deepEqual([...classes.keys()].sort(), [400, 401, 403, 404, 413, 422, 429, 503]);
    assert.equal(new Set(classes.values()).size, classes.size);
  });
});
