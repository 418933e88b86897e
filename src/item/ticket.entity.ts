import { Entity, PrimaryColumn } from 'typeorm';

/** One review slot of an item that anybody eligible may claim; the row exists exactly while that is so. */
@Entity('ticket')
export class Ticket {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'ticket_pkey' })
  projectId: number;

  @PrimaryColumn('integer', { name: 'lane_id', primaryKeyConstraintName: 'ticket_pkey' })
  laneId: number;

  @PrimaryColumn('bigint', { name: 'rank', primaryKeyConstraintName: 'ticket_pkey' })
  rank: string;

  @PrimaryColumn('uuid', { name: 'item_id', primaryKeyConstraintName: 'ticket_pkey' })
  itemId: string;

  @PrimaryColumn('smallint', { name: 'slot', primaryKeyConstraintName: 'ticket_pkey' })
  slot: number;
}
