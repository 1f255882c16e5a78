import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('analysis', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('output', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='analysis.output')),
                ('question_code', models.SlugField(max_length=80)),
                ('title', models.CharField(max_length=300)),
                ('state', models.CharField(choices=[('submitted', 'Waiting for a checker'), ('checking', 'Being checked'), ('approved', 'Approved'), ('returned', 'Returned to its author'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='submitted', max_length=20)),
                ('threshold', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('hidden', models.JSONField(default=list)),
                ('bounds', models.JSONField(default=list)),
                ('findings', models.JSONField(default=list)),
                ('small_counts', models.PositiveIntegerField(default=0)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('drafter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_at', models.DateTimeField()),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('check_started_at', models.DateTimeField(null=True)),
                ('checked_at', models.DateTimeField(null=True)),
                ('checklist', models.JSONField(default=list)),
                ('comment', models.TextField(blank=True)),
                ('approved_digest', models.CharField(blank=True, max_length=64)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
            ],
            options={
                'verbose_name': 'release',
                'verbose_name_plural': 'releases',
                'ordering': ('submitted_at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'checking', 'approved', 'returned', 'published', 'withdrawn'])), name='release_state_known'), models.CheckConstraint(condition=models.Q(('checked_by__isnull', True), models.Q(models.Q(('checked_by', models.F('author')), _negated=True), models.Q(('checked_by', models.F('drafter')), _negated=True), models.Q(('checked_by', models.F('submitted_by')), _negated=True)), _connector='OR'), name='release_checked_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'returned', 'published', 'withdrawn')), _negated=True), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='release_checked_has_checker'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'published', 'withdrawn')), _negated=True), ('approved_digest', models.F('digest')), _connector='OR'), name='release_approved_is_content'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('published', 'withdrawn')), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='release_published_has_who'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='release_withdrawn_says_why'), models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('output',), name='release_output_once')],
            },
        ),
    ]
