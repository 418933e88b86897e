import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The tenant. Every other row names one. */
@Entity('project')
export class Project {
  @PrimaryGeneratedColumn('identity', { name: 'id', type: 'integer', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column('text', { name: 'key' })
  key: string;

  @Column('text', { name: 'name' })
  name: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt: Date;
}
