// The official Node client, unmodified, against the server that the file in DEV_JSON describes.
import EasyPostClient from '@easypost/api';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import tls from 'node:tls';
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
      body:
        '{"event":{"description":"tracker.updated","result":' +
        '{"id":"trk_1","weight":136.00,"rate":1.50,"count":2.0}}}',
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
      // A receiver with a JSON body parser has no other bytes than these.
      const again = Buffer.from(JSON.stringify(JSON.parse(body.toString('utf8'))));
      assert.equal(asTest.Utils.validateWebhook(again, headers, 'sécret').result.weight, 136);
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

describe('billing and referral customers', () => {
  // What the client sends to Stripe itself goes to the stub that the port in STRIPE_PORT names.
  const connect = tls.connect;
  tls.connect = (options, ...rest) =>
    connect(
      options.host === 'api.stripe.com'
        ? { ...options, host: '127.0.0.1', port: Number(process.env.STRIPE_PORT) }
        : options,
      ...rest,
    );

  let count = 0;
  const newCustomer = () => {
    count += 1;
    const email = `node${count}@example.com`;
    return client.ReferralCustomer.create({ name: 'Test Referral', email, phone: '5555555555' });
  };
  const balance = async (of) => (await of.User.retrieveMe()).balance;

  it('referral customers are created, listed and changed', async () => {
    const created = await newCustomer();
    await newCustomer();
    await newCustomer();
    assert.deepEqual(created.api_keys.map((key) => key.mode), ['test', 'production']);
    const page = await client.ReferralCustomer.all({ page_size: 2 });
    assert.equal(page.referral_customers.length, 2);
    assert.equal(page.has_more, true);
    const next = await client.ReferralCustomer.getNextPage(page, 2);
    assert.equal(next.referral_customers[0].id, page.referral_customers[0].id);
    assert.equal(await client.ReferralCustomer.updateEmail(created.id, 'new@node.example'), true);
    const all = await client.ReferralCustomer.all({ page_size: 100 });
    const changed = all.referral_customers.find((customer) => customer.id === created.id);
    assert.equal(changed.email, 'new@node.example');
  });

  it('methods are added, charged and deleted', async () => {
    const key = (await newCustomer()).api_keys[1].key;
    const customer = clientOf(key);
    await assert.rejects(() => customer.Billing.retrievePaymentMethods(), /No payment methods are set up/);
    const card = await client.ReferralCustomer.addCreditCardFromStripe(key, 'pm_card_visa');
    assert.equal(card.last4, '4242');
    const mandate = { ip_address: '127.0.0.1', user_agent: 'a', accepted_at: 1722510730 };
    const account = await client.ReferralCustomer.addBankAccountFromStripe(
      key,
      'fca_sandbox_1',
      mandate,
      'secondary',
    );
    assert.equal(account.object, 'BankAccount');
    await refused(
      () => client.ReferralCustomer.addBankAccountFromStripe(key, 'fca_0QAc7sDqT4hu', mandate),
      422,
      'BANK_ACCOUNT.INVALID_PARAMS',
    );
    const byNumber = await client.ReferralCustomer.addCreditCard(
      key,
      '4242424242424242',
      12,
      2040,
      '123',
    );
    assert.equal(byNumber.brand, 'Visa');
    const methods = await customer.Billing.retrievePaymentMethods();
    assert.equal(methods.primary_payment_method.id, byNumber.id);
    assert.equal(methods.secondary_payment_method.id, account.id);
    await customer.Billing.fundWallet('2000');
    await customer.Billing.fundWallet('500', 'secondary');
    assert.equal(await balance(customer), '25.00000');
    await customer.Billing.deletePaymentMethod('primary');
    await assert.rejects(() => customer.Billing.fundWallet('100'), /not valid/);
    await client.ReferralCustomer.addCreditCardFromStripe(key, 'pm_card_insufficientFunds');
    await refused(() => customer.Billing.fundWallet('100'), 402, 'PAYMENT.FAILED');
  });

  it('the beta methods add, make secrets and refund', async () => {
    const customer = clientOf((await newCustomer()).api_keys[1].key);
    const beta = customer.BetaReferralCustomer;
    assert.match((await beta.createCreditCardClientSecret()).client_secret, /^seti_/);
    assert.match((await beta.createBankAccountClientSecret()).client_secret, /^fcsess_/);
    const returning = await beta.createBankAccountClientSecret('https://example.com');
    assert.match(returning.client_secret, /^fcsess_/);
    await refused(
      () => beta.addPaymentMethod('cus_123', 'ba_123'),
      422,
      'BILLING.INVALID_PAYMENT_GATEWAY_REFERENCE',
    );
    assert.equal((await beta.addPaymentMethod('cus_sandbox_1', 'pm_card_visa')).last4, '4242');
    await refused(() => beta.refundByAmount(2000), 422, 'TRANSACTION.AMOUNT_INVALID');
    await refused(() => beta.refundByPaymentLog('paylog_1'), 422, 'TRANSACTION.DOES_NOT_EXIST');
    await customer.Billing.fundWallet('2000');
    const part = await beta.refundByAmount(500);
    assert.equal(part.refunded_amount, 500);
    const rest = await beta.refundByPaymentLog(part.refunded_payment_logs[0]);
    assert.equal(rest.refunded_amount, 1500);
    assert.equal(await balance(customer), '0.00000');
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
    const until = async (wanted, before) => {
      for (let i = 0; i < 1000; i += 1) {
        before();
        const error = await client.User.retrieveMe().then(() => null, (refusal) => refusal);
        if (wanted(error)) {
          return error;
        }
        await setTimeout(10);
      }
      return assert.fail('it did not come to that');
    };
    // It is started again so soon that a request may not notice: so again and again.
    const kill = () => {
      try {
        process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGKILL');
      } catch (gone) {
        assert.match(gone.code, /ESRCH|ENOENT/);
      }
    };
    const error = await until((outcome) => outcome !== null, kill);
    await refused(() => Promise.reject(error), 503, 'SERVICE_UNAVAILABLE');
    await until((outcome) => outcome === null, () => {});
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
    assert.deepEqual([...classes.keys()].sort(), [400, 401, 402, 403, 404, 413, 422, 429, 503]);
    assert.equal(new Set(classes.values()).size, classes.size);
  });
});
