namespace Castalia.Curves;

/// <summary>Short names of series.</summary>
static class SeriesLabels
{
    /// <summary>As many of the last parts of a training's name as tell trainings apart, a folder <c>seedN</c> never alone; with prompts, setting and category where several series share a training.</summary>
    /// <param name="series">The series.</param>
    public static IReadOnlyList<StepSeries> Of(IReadOnlyList<StepSeries> series)
    {
        string[] trainings = [.. series.Select(one => one.Training).Distinct()];
        int most = trainings.Select(training => Parts(training).Length).DefaultIfEmpty(1).Max();
        int depth = Enumerable.Range(1, most).FirstOrDefault(IsTelling, most);
        return [.. series.Select(one => one with { Label = Label(one) })];

        bool IsTelling(int parts)
        {
            string[] names = [.. trainings.Select(training => Last(training, parts))];
            return names.Distinct().Count() == names.Length && !names.Any(IsSeed);
        }

        string Label(StepSeries one)
        {
            var same = series.Where(other => other.Training == one.Training).ToList();
            string label = Last(one.Training, depth);
            if (same.Select(other => other.PromptSet).Distinct().Count() > 1) label += $", {Path.GetFileNameWithoutExtension(one.PromptSet)}";
            if (same.Select(other => other.Setting).Distinct().Count() > 1) label += $", {one.Setting}";
            if (one.Category is { } category) label += $", {category}";
            int number = same.TakeWhile(other => other != one).Count(other => (other.PromptSet, other.Setting, other.Category) == (one.PromptSet, one.Setting, one.Category)) + 1;
            return number == 1 ? label : FormattableString.Invariant($"{label}, {number}");
        }
    }

    static string[] Parts(string training) => training.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);

    static string Last(string training, int parts) => string.Join('/', Parts(training).TakeLast(parts));

    static bool IsSeed(string label) => label.StartsWith("seed", StringComparison.Ordinal) && label.AsSpan("seed".Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
