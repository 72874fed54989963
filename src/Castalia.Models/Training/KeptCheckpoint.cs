namespace Castalia.Training;

/// <summary>A checkpoint that is complete.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Loss">Mean loss over the steps since the one before, nats; null at step 0.</param>
/// <param name="IsNew">It has just been written; else it was found.</param>
sealed record KeptCheckpoint(int Step, string Folder, double? Loss, bool IsNew)
{
    /// <summary>Of a step, with the loss since the checkpoint that the options put before it.</summary>
    internal static KeptCheckpoint Of(int step, string folder, IEnumerable<TrainingStep> shown, TrainingOptions options, bool isNew)
    {
        int before = step - 1;
        while (before > 0 && !options.IsKept(before)) before--;
        double sum = 0;
        int count = 0;
        foreach (var taken in shown.Where(taken => taken.Step > before && taken.Step <= step))
        {
            sum += taken.Loss;
            count++;
        }
        return new(step, folder, count == 0 ? null : sum / count, isNew);
    }
}
