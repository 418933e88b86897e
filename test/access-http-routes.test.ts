import { Controller, Get, Module, type Type } from '@nestjs/common';
import { APP_GUARD, ModulesContainer, NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Allow, AllowAnyone, RULE, SIGNED_IN } from '../src/access/allow.js';
import { HttpGuard } from '../src/access/http.guard.js';
import { RateLimit } from '../src/access/rate-limit.js';
import { CONFIG } from '../src/config.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

/** Every HTTP route of a service, as `Controller.method`, with its rule. */
function routes(container: ModulesContainer): { name: string; rule: unknown }[] {
  const controllers = [...container.values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const { name, prototype } = metatype as Type<Record<string, object>>;
    return Object.getOwnPropertyNames(prototype)
      .filter((method) => method !== 'constructor' && Reflect.hasMetadata('path', prototype[method]!))
      .map((method) => ({ name: `${name}.${method}`, rule: Reflect.getMetadata(RULE, prototype[method]!) as unknown }));
  });
}

test('every HTTP route says who may use it', () => {
  const all = routes(service.app.get(ModulesContainer));
  expect(all.map(({ name }) => name)).toContain('SessionController.open');
  expect(all.filter(({ rule }) => rule === undefined)).toEqual([]);
});

@Controller()
class PlantedController {
  @Get('forgotten')
  forgotten(): string {
    return 'secret';
  }

  @Get('signed-in')
  @Allow(SIGNED_IN)
  signedIn(): string {
    return 'secret';
  }

  @Get('open')
  @AllowAnyone()
  open(): string {
    return 'open';
  }
}

@Module({
  controllers: [PlantedController],
  providers: [
    { provide: CONFIG, useValue: { rateBurst: 100, rateCostPerSecond: 100 } },
    RateLimit,
    { provide: APP_GUARD, useClass: HttpGuard },
  ],
})
class PlantedModule {}

test('a route that was forgotten is refused, and found', async () => {
  const app = await NestFactory.create(PlantedModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const text = async (path: string) => (await fetch(`${await app.getUrl()}/${path}`)).text();
  expect(await text('forgotten')).not.toContain('secret');
  expect(await text('signed-in')).not.toContain('secret');
  expect(await text('open')).toBe('open');
  expect(routes(app.get(ModulesContainer)).filter(({ rule }) => rule === undefined)).toEqual([
    { name: 'PlantedController.forgotten', rule: undefined },
  ]);
  await app.close();
});
