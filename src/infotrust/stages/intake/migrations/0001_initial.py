import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('storage', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='accounts.agency')),
                ('dataset', models.CharField(max_length=60, verbose_name='dataset')),
                ('period', models.CharField(max_length=40, verbose_name='period')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the file')),
                ('size', models.PositiveBigIntegerField(verbose_name='bytes')),
                ('state', models.CharField(choices=[('received', 'Received'), ('checking', 'Being checked'), ('loaded', 'Loaded'), ('refused', 'Refused'), ('failed', 'Interrupted'), ('superseded', 'Superseded'), ('destroyed', 'Destroyed')], default='received', max_length=12, verbose_name='state')),
                ('contract', models.TextField()),
                ('contract_version', models.CharField(max_length=100)),
                ('agreements', models.JSONField(default=list)),
                ('dropped', models.JSONField(default=list)),
                ('absent', models.JSONField(default=list)),
                ('removed', models.JSONField(default=list)),
                ('notes', models.JSONField(default=list)),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='loaded or refused')),
                ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='intake.delivery')),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_text', models.TextField(blank=True)),
                ('next_step', models.TextField(blank=True)),
                ('destroy_due_at', models.DateTimeField(blank=True, null=True)),
                ('destroy_reason', models.CharField(blank=True, max_length=200)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True)),
                ('parts', models.ManyToManyField(blank=True, related_name='+', to='storage.sealedpart')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ('-received_at', '-pk'),
                'indexes': [models.Index(fields=['dataset', 'period'], name='intake_delivery_period'), models.Index(fields=['destroy_due_at'], name='intake_delivery_due')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['received', 'checking', 'loaded', 'refused', 'failed', 'superseded', 'destroyed'])), name='intake_delivery_state_known'), models.UniqueConstraint(condition=models.Q(('state__in', ['received', 'checking', 'failed', 'loaded'])), fields=('agency', 'dataset', 'period', 'sha256'), name='intake_same_file_once'), models.UniqueConstraint(condition=models.Q(('state', 'loaded')), fields=('dataset', 'period'), name='intake_one_loaded_per_period'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', False), ('state', 'destroyed')), models.Q(models.Q(('state', 'destroyed'), _negated=True), ('destroyed_at__isnull', True)), _connector='OR'), name='intake_destroyed_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['loaded', 'refused']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='intake_ended_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='intake_refused_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='receipt', to='intake.delivery')),
                ('rows', models.PositiveBigIntegerField(verbose_name='rows in the file')),
                ('accepted', models.PositiveBigIntegerField(verbose_name='accepted')),
                ('quarantined', models.PositiveBigIntegerField(verbose_name='rejected')),
                ('known', models.PositiveBigIntegerField(default=0, verbose_name='known from earlier deliveries')),
                ('reasons', models.JSONField(default=list)),
                ('filled', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'receipt',
                'verbose_name_plural': 'receipts',
                'constraints': [models.CheckConstraint(condition=models.Q(('rows', django.db.models.expressions.CombinedExpression(models.F('accepted'), '+', models.F('quarantined')))), name='intake_receipt_adds_up')],
            },
        ),
    ]
