import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='what is done')),
                ('about', models.CharField(max_length=200, verbose_name='about what')),
                ('arguments', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=10, verbose_name='state')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('began_at', models.DateTimeField(null=True, verbose_name='began')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('worker', models.CharField(blank=True, max_length=120)),
                ('heard_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('result', models.JSONField(null=True)),
                ('error', models.TextField(blank=True)),
                ('next_step', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'background job',
                'verbose_name_plural': 'background jobs',
                'ordering': ('-pk',),
                'indexes': [models.Index(fields=['state', 'id'], name='jobs_job_queue'), models.Index(fields=['about', 'id'], name='jobs_job_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'running', 'done', 'failed'])), name='jobs_job_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), _negated=True), models.Q(models.Q(('worker', ''), _negated=True), ('heard_at__isnull', False)), _connector='OR'), name='jobs_job_running_has_worker'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ('done', 'failed'))), models.Q(('ended_at__isnull', True), ('state__in', ('waiting', 'running'))), _connector='OR'), name='jobs_job_ended_when_over')],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='jobs.job')),
                ('position', models.PositiveIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('done', models.PositiveBigIntegerField(default=0)),
                ('total', models.PositiveBigIntegerField(null=True)),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('position',),
                'constraints': [models.UniqueConstraint(fields=('job', 'position'), name='jobs_step_position')],
            },
        ),
    ]
