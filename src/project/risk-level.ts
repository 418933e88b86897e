import { registerEnumType } from '@nestjs/graphql';

/** How bad a mistake would be, as the application sees it. Listed from least to most. */
export enum RiskLevel {
  LOW = 'LOW',
  MEDIUM = 'MEDIUM',
  HIGH = 'HIGH',
  CRITICAL = 'CRITICAL',
}
registerEnumType(RiskLevel, { name: 'RiskLevel' });
