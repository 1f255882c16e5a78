import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='DestructionCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('reason', models.CharField(max_length=300)),
                ('destroyed_at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'certificate of destruction',
                'verbose_name_plural': 'certificates of destruction',
                'ordering': ('-destroyed_at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='SealedPart',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('room', models.CharField(choices=[('vault', 'Vault: identifiers'), ('holdings', 'Holdings: content'), ('register', 'Register: which records belong to one person'), ('inbox', 'Inbox: deliveries as they came'), ('quarantine', 'Quarantine: rejected rows')], max_length=20)),
                ('table', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('table', 'Table (encrypted Parquet)'), ('stream', 'Stream of bytes')], max_length=10)),
                ('rows', models.PositiveBigIntegerField()),
                ('bytes', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('key_fingerprint', models.CharField(max_length=64)),
                ('wrapped_key', models.BinaryField(null=True)),
                ('sealed_at', models.DateTimeField()),
                ('certificate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='storage.destructioncertificate')),
            ],
            options={
                'verbose_name': 'sealed part',
                'verbose_name_plural': 'sealed parts',
                'ordering': ('sealed_at', 'id'),
                'indexes': [models.Index(fields=['room', 'table'], name='storage_part_table')],
                'constraints': [models.CheckConstraint(condition=models.Q(('room__in', ['vault', 'holdings', 'register', 'inbox', 'quarantine'])), name='storage_part_room_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['table', 'stream'])), name='storage_part_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('certificate__isnull', True), ('wrapped_key__isnull', False)), models.Q(('certificate__isnull', False), ('wrapped_key__isnull', True)), _connector='OR'), name='storage_part_key_or_certificate')],
            },
        ),
        migrations.CreateModel(
            name='Generation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.CharField(choices=[('vault', 'Vault: identifiers'), ('holdings', 'Holdings: content'), ('register', 'Register: which records belong to one person'), ('inbox', 'Inbox: deliveries as they came'), ('quarantine', 'Quarantine: rejected rows')], max_length=20)),
                ('table', models.CharField(max_length=120)),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField()),
                ('parts', models.ManyToManyField(related_name='generations', to='storage.sealedpart')),
            ],
            options={
                'verbose_name': 'generation',
                'verbose_name_plural': 'generations',
                'ordering': ('room', 'table', 'number'),
                'constraints': [models.UniqueConstraint(fields=('room', 'table', 'number'), name='storage_generation_numbered_once')],
            },
        ),
        migrations.CreateModel(
            name='SealedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.CharField(choices=[('vault', 'Vault: identifiers'), ('holdings', 'Holdings: content'), ('register', 'Register: which records belong to one person'), ('inbox', 'Inbox: deliveries as they came'), ('quarantine', 'Quarantine: rejected rows')], max_length=20)),
                ('table', models.CharField(max_length=120)),
                ('current', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='current_of', to='storage.generation')),
            ],
            options={
                'verbose_name': 'sealed table',
                'verbose_name_plural': 'sealed tables',
                'ordering': ('room', 'table'),
                'constraints': [models.UniqueConstraint(fields=('room', 'table'), name='storage_table_once')],
            },
        ),
    ]
