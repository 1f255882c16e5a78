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
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, verbose_name='short name')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('retired', 'Retired')], default='draft', max_length=20)),
                ('title', models.CharField(max_length=200, verbose_name='the question, in plain words')),
                ('meaning', models.TextField(verbose_name='what it means')),
                ('unit', models.CharField(max_length=100, verbose_name='what is counted')),
                ('period', models.CharField(max_length=100, verbose_name='period')),
                ('population', models.CharField(max_length=300, verbose_name='who is counted')),
                ('purpose', models.CharField(max_length=60, verbose_name='purpose')),
                ('agreements', models.JSONField(default=list, verbose_name='agreements')),
                ('license', models.CharField(blank=True, max_length=40, verbose_name='license')),
                ('sql', models.TextField(verbose_name='statement')),
                ('locked_sql', models.TextField()),
                ('sql_digest', models.CharField(max_length=64)),
                ('reads', models.JSONField(default=list)),
                ('dimensions', models.JSONField(default=list, verbose_name='categories')),
                ('measures', models.JSONField(default=list, verbose_name='counts')),
                ('definitions', models.JSONField(blank=True, default=dict, verbose_name='definitions')),
                ('labels', models.JSONField(blank=True, default=dict, verbose_name='words for columns and values')),
                ('limits', models.JSONField(blank=True, default=list, verbose_name='what it does not tell you')),
                ('sentence', models.CharField(blank=True, max_length=500, verbose_name='the answer in one sentence')),
                ('figures', models.JSONField(blank=True, default=dict, verbose_name='figures in the sentence')),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.TextField(blank=True, verbose_name='comment of the board')),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'question',
                'verbose_name_plural': 'questions',
                'ordering': ('code', '-version'),
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='analysis_question_version_once'), models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('code',), name='analysis_one_approved_version'), models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted'))), fields=('code',), name='analysis_one_open_version'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'approved', 'retired'])), name='analysis_question_known_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='analysis_approved_who_when'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('drafted_by')), _negated=True), _connector='OR'), name='analysis_approved_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Output',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outputs', to='analysis.question')),
                ('columns', models.JSONField(default=list)),
                ('rows', models.JSONField(default=list)),
                ('dimensions', models.JSONField(default=list)),
                ('measures', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('manifest', models.JSONField(default=dict)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_at', models.DateTimeField()),
                ('job', models.BigIntegerField(blank=True, null=True, unique=True)),
            ],
            options={
                'verbose_name': 'output',
                'verbose_name_plural': 'outputs',
                'ordering': ('-made_at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('digest', ''), _negated=True), name='analysis_output_has_digest')],
            },
        ),
    ]
