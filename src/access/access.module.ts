import { Global, Module } from '@nestjs/common';

import { Authenticator } from './authenticator.js';
import { ViewerResolver } from './viewer.resolver.js';

@Global()
@Module({ providers: [Authenticator, ViewerResolver], exports: [Authenticator] })
export class AccessModule {}
