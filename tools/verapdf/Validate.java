import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;

/** Validate FLAVOUR FILE...: checks each file against a part of PDF/A and names each rule that it breaks. */
class Validate {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        var flavour = PDFAFlavour.fromString(args[0]);
        boolean good = true;
        for (int i = 1; i < args.length; i++) {
            try (var parser = Foundries.defaultInstance().createParser(new FileInputStream(args[i]), flavour)) {
                var result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
                good &= result.isCompliant();
                System.out.println(args[i] + ": " + (result.isCompliant() ? "valid" : "not valid"));
                for (var a : result.getTestAssertions()) {
                    if (a.getStatus().name().equals("FAILED")) {
                        System.out.println("  " + a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + a.getMessage() + " " + a.getLocation().getContext());
                    }
                }
            }
        }
        System.exit(good ? 0 : 1);
    }
}
