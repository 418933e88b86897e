import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';

import { AllowAnyone } from '../access/allow.js';
import { Metrics } from './metrics.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** Open to whoever reaches the port, as scrapers expect; it tells of the process, never of what is in it. */
  @AllowAnyone()
  @Get()
  async read(@Res() response: Response): Promise<void> {
    const { registry } = this.metrics;
    response.setHeader('Content-Type', registry.contentType);
    response.end(await registry.metrics());
  }
}
