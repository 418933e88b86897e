import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An item's payload. It lies beside the item, so that lists and claims never touch it; shown as fields of the item. */
@Entity('evidence')
export class Evidence {
  @PrimaryColumn('integer', { name: 'project_id' })
  projectId: number;

  @PrimaryColumn('uuid', { name: 'item_id' })
  itemId: string;

  @Column('json', { name: 'input' })
  input: unknown;

  @Column('json', { name: 'output' })
  output: unknown;

  @Column('json', { name: 'context', default: () => `'[]'` })
  context: unknown[];

  @Column('json', { name: 'metadata', nullable: true })
  metadata: unknown;
}
