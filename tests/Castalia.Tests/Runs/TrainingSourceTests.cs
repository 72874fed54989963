using Castalia.Runs;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class TrainingSourceTests
{
    [Theory]
    [InlineData("step143000", 143000L)]
    [InlineData("Step12", 12L)]
    [InlineData("EleutherAI/pythia-6.9b@step0", 0L)]
    [InlineData("pythia-70m-step512.gguf", 512L)]
    [InlineData("stage1-step1000-tokens4B", 1000L)]
    [InlineData("main", null)]
    [InlineData("pythia-14m", null)]
    [InlineData("step", null)]
    [InlineData("step12a", null)]
    [InlineData("footstep12", null)]
    [InlineData("step1234567890123456789", null)]
    public void A_step_is_read_off_a_name(string name, long? step) => Assert.Equal(step, TrainingSource.StepOf(name));

    [Theory]
    [InlineData("/data/cell/seed2/step64", "/data/cell/seed2", 64L)]
    [InlineData("/data/cell/seed2/step64/", "/data/cell/seed2", 64L)]
    [InlineData("/data/pythia-70m-step512.gguf", "/data/pythia-70m", 512L)]
    [InlineData("/data/pythia-70m", "/data/pythia-70m", null)]
    public void A_path_says_it_by_its_last_part(string path, string training, long? step) => Assert.Equal(new TrainingSource(training, step), TrainingSource.Of(null, path));

    [Theory]
    [InlineData("step143000", "EleutherAI/pythia-70m", 143000L)]
    [InlineData("stage2-step9-tokens1B", "EleutherAI/pythia-70m@stage2", 9L)]
    [InlineData("main", "EleutherAI/pythia-70m", null)]
    public void A_model_of_the_hub_says_it_by_its_revision_and_not_by_where_the_cache_lies(string revision, string training, long? step) =>
        Assert.Equal(new TrainingSource(training, step), TrainingSource.Of(("EleutherAI/pythia-70m", revision), "/cache/snapshots/step7"));
}
