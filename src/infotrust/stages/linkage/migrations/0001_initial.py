import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkageRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('linking', 'Records were linked'), ('removal', 'Records were removed')], default='linking', max_length=10)),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('in_use', 'In use'), ('replaced', 'Replaced')], default='asked', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_at', models.DateTimeField(verbose_name='asked for')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='jobs.job')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='in use since')),
                ('records', models.PositiveBigIntegerField(default=0, verbose_name='records')),
                ('persons', models.PositiveBigIntegerField(default=0, verbose_name='persons')),
                ('generation', models.PositiveIntegerField(blank=True, null=True, unique=True)),
                ('policy_version', models.CharField(blank=True, max_length=40)),
                ('manifest', models.JSONField(default=dict)),
                ('questions', models.PositiveIntegerField(default=400)),
                ('communities', models.CharField(choices=[('datasets', 'By the two datasets the records are from'), ('areas', 'By area: the first three digits of the ZIP code')], default='datasets', max_length=10)),
            ],
            options={
                'verbose_name': 'linkage run',
                'verbose_name_plural': 'linkage runs',
                'ordering': ('-pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['linking', 'removal'])), name='linkage_run_kind_known'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'in_use', 'replaced'])), name='linkage_run_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('generation__isnull', True), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('finished_at__isnull', False), ('generation__isnull', False)), _connector='OR'), name='linkage_run_finished_or_asked'), models.CheckConstraint(condition=models.Q(('communities__in', ['datasets', 'areas'])), name='linkage_run_communities'), models.UniqueConstraint(condition=models.Q(('state', 'in_use')), fields=('state',), name='linkage_one_run_in_use')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='linkage.linkagerun')),
                ('state', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=10)),
                ('began_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('strata', models.JSONField(default=list)),
                ('never_compared', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ('-pk',),
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='linkage_review_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(('closed_at__isnull', False), ('state', 'closed')), _connector='OR'), name='linkage_review_closed_when'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('state',), name='linkage_one_review_open')],
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one_dataset', models.CharField(max_length=120)),
                ('one_record', models.CharField(max_length=64)),
                ('other_dataset', models.CharField(max_length=120)),
                ('other_record', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('open', 'To be looked at'), ('settled', 'Settled'), ('gone', 'A record of it is gone')], default='open', max_length=10)),
                ('needed', models.PositiveSmallIntegerField(default=1)),
                ('verdict', models.CharField(blank=True, choices=[('match', 'Match'), ('no match', 'No match'), ('cannot tell', 'Cannot tell')], max_length=20)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('held_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'pair',
                'verbose_name_plural': 'pairs',
                'ordering': ('pk',),
                'indexes': [models.Index(fields=['state', 'held_until'], name='linkage_pair_open')],
                'constraints': [models.UniqueConstraint(fields=('one_dataset', 'one_record', 'other_dataset', 'other_record'), name='linkage_pair_once'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'settled', 'gone'])), name='linkage_pair_state_known'), models.CheckConstraint(condition=models.Q(('needed__in', (1, 2))), name='linkage_pair_needs_one_or_two'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'settled'), _negated=True), ('settled_at__isnull', True), ('verdict', '')), models.Q(('settled_at__isnull', False), ('state', 'settled'), ('verdict__in', ['match', 'no match', 'cannot tell'])), _connector='OR'), name='linkage_pair_settled_has_verdict'), models.CheckConstraint(condition=models.Q(models.Q(('held_by__isnull', True), ('held_until__isnull', True)), models.Q(('held_by__isnull', False), ('held_until__isnull', False)), _connector='OR'), name='linkage_pair_held_until')],
            },
        ),
        migrations.CreateModel(
            name='PairQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='linkage.review')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='linkage.pair')),
                ('position', models.PositiveIntegerField()),
                ('weight', models.FloatField()),
                ('prior', models.FloatField()),
                ('accepted', models.BooleanField()),
                ('stratum', models.PositiveIntegerField(blank=True, null=True)),
                ('inclusion', models.FloatField(blank=True, null=True)),
                ('worth', models.FloatField(default=0)),
                ('known', models.BooleanField(default=False)),
                ('fields', models.JSONField(default=list)),
            ],
            options={
                'verbose_name': 'question about a pair',
                'verbose_name_plural': 'questions about pairs',
                'ordering': ('review', 'position'),
                'constraints': [models.UniqueConstraint(fields=('review', 'pair'), name='linkage_pair_asked_once'), models.UniqueConstraint(fields=('review', 'position'), name='linkage_question_place_once'), models.CheckConstraint(condition=models.Q(models.Q(('inclusion__isnull', True), ('stratum__isnull', True)), models.Q(('inclusion__gt', 0), ('inclusion__lte', 1), ('stratum__isnull', False)), _connector='OR'), name='linkage_question_drawn_with_chance')],
            },
        ),
        migrations.CreateModel(
            name='PairAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pair', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='linkage.pair')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('match', 'Match'), ('no match', 'No match'), ('cannot tell', 'Cannot tell')], max_length=20)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'answer about a pair',
                'verbose_name_plural': 'answers about pairs',
                'ordering': ('at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['match', 'no match', 'cannot tell'])), name='linkage_answer_verdict_known'), models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('pair', 'by'), name='linkage_answer_once_each')],
            },
        ),
    ]
